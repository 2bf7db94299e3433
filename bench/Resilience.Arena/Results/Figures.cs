using System.Globalization;

namespace Resilience.Arena;

/// <summary>The rows of the final table.</summary>
internal static class Figures
{
    private const string None = "–";

    public static IReadOnlyList<Figure> All { get; } =
    [
        new("in time", "Calls that succeeded within 1 s of their intended start.",
            lane => CountOf(lane, lane.Contestant.Ends.InTime)),
        new("succeeded", "Calls that succeeded, in time or late.",
            lane => CountOf(lane, lane.Contestant.Ends.Succeeded)),
        new("failed", "Calls that ended with an error status or a broken connection.",
            lane => CountOf(lane, lane.Contestant.Ends.Failed)),
        new("timed out", "Calls that ended with a timeout.",
            lane => CountOf(lane, lane.Contestant.Ends.TimedOut)),
        new("rejected", "Calls that an open breaker refused at once.",
            lane => CountOf(lane, lane.Contestant.Ends.Rejected)),
        new("p50", "Half of the calls that succeeded took at most this long from their intended start.",
            lane => Milliseconds(lane.Contestant.LatencyMs.P50)),
        new("p95", "95 of 100 took at most this long.",
            lane => Milliseconds(lane.Contestant.LatencyMs.P95)),
        new("p99", "99 of 100 took at most this long.",
            lane => Milliseconds(lane.Contestant.LatencyMs.P99)),
        new("p99.9", "999 of 1,000 took at most this long.",
            lane => Milliseconds(lane.Contestant.LatencyMs.P999)),
        new("requests per call", "Requests that reached the upstream for each call.",
            lane => lane.RequestsPerCall.ToString("F2", CultureInfo.InvariantCulture)),
        new("requests per call, outage", "The same for the time of the outage: what the upstream must bear while it is down.",
            lane => lane.RequestsPerCallInOutage?.ToString("F2", CultureInfo.InvariantCulture) ?? None),
        new("outage to open", "From the start of the outage to the breaker's opening.",
            lane => Each(lane, times => times.ToOpen)),
        new("recovery to closed", "From the end of the outage to the breaker's closing.",
            lane => Each(lane, times => times.ToClose)),
        new("CPU, calm", "CPU time of the process for each undisturbed call: median of slices, with 10th and 90th percentile.",
            lane => Spread(lane.Contestant.CpuMicroseconds, "µs")),
        new("CPU, whole run", "CPU time of the process over the whole run, for each call.",
            lane => $"{Whole(lane.Contestant.CpuMicroseconds.WholeRun)} µs"),
        new("bytes, calm", "Bytes allocated for each undisturbed call: median of slices, with 10th and 90th percentile.",
            lane => Spread(lane.Contestant.Bytes, "B")),
        new("bytes, whole run", "Bytes allocated over the whole run, for each call.",
            lane => $"{Whole(lane.Contestant.Bytes.WholeRun)} B"),
    ];

    public static string Percent(double part, double whole) =>
        (100 * part / Math.Max(1, whole)).ToString("F1", CultureInfo.InvariantCulture) + " %";

    public static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Milliseconds(double? value) => value switch
    {
        null => None,
        < 100 => value.Value.ToString("F1", CultureInfo.InvariantCulture) + " ms",
        _ => Whole(value.Value) + " ms",
    };

    public static string Seconds(double? value) => value is null ? None : value.Value.ToString("F2", CultureInfo.InvariantCulture) + " s";

    private static string CountOf(LaneResult lane, int count) => $"{Whole(count)} ({Percent(count, lane.Contestant.Ends.Calls)})";

    private static string Spread(Cost cost, string unit) =>
        cost.Undisturbed is null ? None : $"{Whole(cost.Undisturbed.Value)} {unit} ({Whole(cost.Low!.Value)}–{Whole(cost.High!.Value)})";

    private static string Each(LaneResult lane, Func<BreakerTimes, double?> time) =>
        lane.Contestant.BreakerTimes.Count == 0 ? None : string.Join(", ", lane.Contestant.BreakerTimes.Select(times => Seconds(time(times))));
}
