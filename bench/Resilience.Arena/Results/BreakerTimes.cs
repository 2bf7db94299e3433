namespace Resilience.Arena;

/// <summary>
/// One outage seen by a breaker, in seconds: from its start to the first opening, and from its end to the first closing. Zero when it was
/// open, or closed, already; null when it did not open, or did not close before the next outage or the end of the run.
/// </summary>
internal sealed record BreakerTimes(double? ToOpen, double? ToClose)
{
    public static IReadOnlyList<BreakerTimes> Of(IReadOnlyList<OutageSpan> outages, IReadOnlyList<BreakerChange> changes)
    {
        var times = new List<BreakerTimes>();
        for (int i = 0; i < outages.Count; i++)
        {
            double next = i + 1 < outages.Count ? outages[i + 1].Start : double.PositiveInfinity;
            times.Add(Of(outages[i], next, changes));
        }

        return times;
    }

    private static BreakerTimes Of(OutageSpan outage, double next, IReadOnlyList<BreakerChange> changes)
    {
        double? toOpen = StateAt(outage.Start, changes) != BreakerState.Closed
            ? 0
            : First(BreakerState.Open, outage.Start, outage.End, changes) - outage.Start;
        if (toOpen is null)
        {
            return new BreakerTimes(null, null);
        }

        double? toClose = StateAt(outage.End, changes) == BreakerState.Closed
            ? 0
            : First(BreakerState.Closed, outage.End, next, changes) - outage.End;
        return new BreakerTimes(toOpen, toClose);
    }

    private static BreakerState StateAt(double second, IReadOnlyList<BreakerChange> changes) =>
        changes.LastOrDefault(change => change.At <= second)?.State ?? BreakerState.Closed;

    private static double? First(BreakerState state, double from, double to, IReadOnlyList<BreakerChange> changes) =>
        changes.FirstOrDefault(change => change.State == state && change.At >= from && change.At < to)?.At;
}
