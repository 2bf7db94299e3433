namespace Resilience.Tests.Execution;

/// <summary>A strategy that answers by script and sees results.</summary>
internal sealed class ScriptedTypedStrategy(Script script, bool isForeign = true) : Strategy<Tracked>($"s{script.Position}")
{
    protected internal override bool RunsForeignCode => isForeign;

    protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot, ref Outcome<Tracked> outcome) =>
        script.Enter(ref frame, this, false, ref outcome);

    protected internal override Entry ResumeEnter(ref CallFrame frame, ref Slot slot, ref Outcome<Tracked> outcome) =>
        script.Enter(ref frame, this, true, ref outcome);

    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot, ref Outcome<Tracked> outcome) =>
        script.Leave(ref frame, this, false, ref outcome);

    protected internal override Exit ResumeLeave(ref CallFrame frame, ref Slot slot, ref Outcome<Tracked> outcome) =>
        script.Leave(ref frame, this, true, ref outcome);
}
