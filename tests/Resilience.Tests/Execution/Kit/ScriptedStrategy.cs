namespace Resilience.Tests.Execution;

/// <summary>A strategy that answers by script, whatever the type of the result.</summary>
internal sealed class ScriptedStrategy(Script script, bool isForeign = true) : Strategy($"s{script.Position}")
{
    private Outcome<Tracked> _none;

    protected internal override bool RunsForeignCode => isForeign;

    protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot) => script.Enter(ref frame, this, false, ref _none);

    protected internal override Entry ResumeEnter(ref CallFrame frame, ref Slot slot) => script.Enter(ref frame, this, true, ref _none);

    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot) => script.Leave(ref frame, this, false, ref _none);

    protected internal override Exit ResumeLeave(ref CallFrame frame, ref Slot slot) => script.Leave(ref frame, this, true, ref _none);
}
