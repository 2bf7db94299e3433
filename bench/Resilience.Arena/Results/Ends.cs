namespace Resilience.Arena;

/// <summary>How many calls ended in which way. Late ones succeeded too, but after the goal.</summary>
internal sealed record Ends(int Calls, int InTime, int Late, int Failed, int TimedOut, int Rejected, int Shed, int Unfinished)
{
    public int Succeeded => InTime + Late;

    /// <summary>Whether every call is in exactly one bin.</summary>
    public bool AddUp => Succeeded + Failed + TimedOut + Rejected + Shed + Unfinished == Calls;

    public static Ends Of(CallLog log, IReadOnlyCollection<int> calls)
    {
        int Count(CallEnd end) => calls.Count(call => log.End(call) == end);
        int inTime = calls.Count(call => log.End(call) == CallEnd.Succeeded && log.LatencyMs(call) <= RunPlan.GoalMs);
        return new Ends(
            calls.Count,
            inTime,
            Count(CallEnd.Succeeded) - inTime,
            Count(CallEnd.Failed),
            Count(CallEnd.TimedOut),
            Count(CallEnd.Rejected),
            Count(CallEnd.Shed),
            Count(CallEnd.Unfinished) + Count(CallEnd.Pending));
    }
}
