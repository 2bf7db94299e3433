namespace Resilience.Tests.Hedging;

/// <summary>A strategy that lets everything through.</summary>
internal sealed class Passing() : Strategy("passing")
{
    protected internal override bool RunsForeignCode => false;

    protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot) => Entry.Go;

    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot) => Exit.Continue;
}
