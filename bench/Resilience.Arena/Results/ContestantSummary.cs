using System.Diagnostics;

namespace Resilience.Arena;

/// <summary>What a contestant's process found out about itself.</summary>
internal sealed record ContestantSummary
{
    public required ContestantName Name { get; init; }

    public required Ends Ends { get; init; }

    /// <summary>Calls whose intended start lies in an outage.</summary>
    public required int CallsInOutage { get; init; }

    /// <summary>Latency of the calls that succeeded, from their intended start.</summary>
    public required Percentiles LatencyMs { get; init; }

    /// <summary>How late the load generator began calls.</summary>
    public required Percentiles LagMs { get; init; }

    /// <summary>CPU time a call, in microseconds.</summary>
    public required Cost CpuMicroseconds { get; init; }

    /// <summary>Bytes allocated a call.</summary>
    public required Cost Bytes { get; init; }

    public required IReadOnlyList<BreakerChange> Breaker { get; init; }

    public required IReadOnlyList<BreakerTimes> BreakerTimes { get; init; }

    public required IReadOnlyList<Slice> Slices { get; init; }

    public static ContestantSummary Of(
        ContestantOrder order, CallLog log, IReadOnlyList<BreakerChange> breaker, IReadOnlyList<ProcessSample> samples, long start)
    {
        RunPlan plan = order.Plan;
        IReadOnlyList<Slice> slices = SlicesOf(plan, log, start);
        IReadOnlySet<int> undisturbed = Undisturbed(plan, slices);
        IReadOnlyList<OutageSpan> outages = plan.Script.Outages(plan.Seconds);
        int[] all = [.. Enumerable.Range(0, log.Count)];
        return new ContestantSummary
        {
            Name = order.Name,
            Ends = Ends.Of(log, all),
            CallsInOutage = all.Count(call => outages.Any(outage => outage.Holds(Second(log, call, start)))),
            LatencyMs = LatencyOfSuccess(log, all),
            LagMs = Percentiles.Of(all.Where(call => log.End(call) is not CallEnd.Pending).Select(log.LagMs)),
            CpuMicroseconds = Cost.Of(samples, undisturbed, sample => sample.CpuMicroseconds),
            Bytes = Cost.Of(samples, undisturbed, sample => sample.Bytes),
            Breaker = breaker,
            BreakerTimes = Arena.BreakerTimes.Of(outages, breaker),
            Slices = slices,
        };
    }

    private static Percentiles LatencyOfSuccess(CallLog log, IEnumerable<int> calls) =>
        Percentiles.Of(calls.Where(call => log.End(call) == CallEnd.Succeeded).Select(log.LatencyMs));

    private static IReadOnlyList<Slice> SlicesOf(RunPlan plan, CallLog log, long start)
    {
        ILookup<int, int> bySlice = Enumerable.Range(0, log.Count).ToLookup(call => SliceOf(plan, Second(log, call, start)));
        return [.. Enumerable.Range(0, plan.SliceCount).Select(slice =>
        {
            int[] calls = [.. bySlice[slice]];
            return new Slice(slice * plan.SliceSeconds, Ends.Of(log, calls), LatencyOfSuccess(log, calls));
        })];
    }

    private static double Second(CallLog log, int call, long start) => (log.Intended(call) - start) / (double)Stopwatch.Frequency;

    private static int SliceOf(RunPlan plan, double second) => Math.Min((int)(second / plan.SliceSeconds), plan.SliceCount - 1);

    private static HashSet<int> Undisturbed(RunPlan plan, IReadOnlyList<Slice> slices)
    {
        IReadOnlyList<PhaseSpan> calm = [.. plan.Script.Spans(plan.Seconds).Where(span => span.Phase.Calm)];
        return [.. Enumerable.Range(0, slices.Count).Where(i =>
            slices[i].Ends is { Calls: > 0 } ends && ends.InTime == ends.Calls
            && calm.Any(span => slices[i].At >= span.Start && slices[i].At + plan.SliceSeconds <= span.End + 1e-9))];
    }
}
