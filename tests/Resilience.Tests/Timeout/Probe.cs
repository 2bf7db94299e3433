namespace Resilience.Tests.Timeouts;

/// <summary>A strategy that only looks: what passed it, and how much time was left.</summary>
internal sealed class Probe() : Strategy("probe")
{
    public List<Verdict> Verdicts { get; } = [];

    public List<TimeSpan> RemainingOnEntry { get; } = [];

    public List<TimeSpan> RemainingOnLeave { get; } = [];

    public List<int> Attempts { get; } = [];

    protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot)
    {
        RemainingOnEntry.Add(frame.Remaining);
        return Entry.Go;
    }

    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot)
    {
        Verdicts.Add(frame.Verdict);
        Attempts.Add(frame.Attempt);
        RemainingOnLeave.Add(frame.Remaining);
        return Exit.Continue;
    }
}
