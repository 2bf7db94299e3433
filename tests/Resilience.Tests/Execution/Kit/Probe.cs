namespace Resilience.Tests.Execution;

/// <summary>A strategy made of lambdas.</summary>
internal sealed class Probe(string name = "probe") : Strategy(name)
{
    internal delegate TAnswer Answer<TAnswer>(ref CallFrame frame, ref Slot slot);

    internal Answer<Entry>? Enters { get; init; }

    internal Answer<Entry>? ResumesEnter { get; init; }

    internal Answer<Exit>? Leaves { get; init; }

    internal Answer<Exit>? ResumesLeave { get; init; }

    internal bool IsForeign { get; init; } = true;

    internal int Entered { get; private set; }

    internal int Left { get; private set; }

    internal Verdict LastVerdict { get; private set; }

    protected internal override bool RunsForeignCode => IsForeign;

    protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot)
    {
        var entry = Enters?.Invoke(ref frame, ref slot) ?? Entry.Go;
        Entered += entry == Entry.Go ? 1 : 0;
        return entry;
    }

    protected internal override Entry ResumeEnter(ref CallFrame frame, ref Slot slot)
    {
        var entry = ResumesEnter?.Invoke(ref frame, ref slot) ?? Entry.Go;
        Entered += entry == Entry.Go ? 1 : 0;
        return entry;
    }

    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot)
    {
        LastVerdict = frame.Verdict;
        Left++;
        return Leaves?.Invoke(ref frame, ref slot) ?? Exit.Continue;
    }

    protected internal override Exit ResumeLeave(ref CallFrame frame, ref Slot slot) => ResumesLeave?.Invoke(ref frame, ref slot) ?? Exit.Continue;
}
