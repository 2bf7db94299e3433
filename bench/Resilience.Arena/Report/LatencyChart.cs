namespace Resilience.Arena;

/// <summary>Latency of the calls that succeeded: median, band up to p95, and p99, on a logarithmic scale.</summary>
internal static class LatencyChart
{
    private const double LeastMs = 5;
    private const double MostMs = 5000;

    public static (string Style, string Title)[] Legend { get; } = [("p50", "p50"), ("band", "p50 to p95"), ("p99", "p99"), ("goal", "the goal: 1 s")];

    public static string Draw(ArenaResult result)
    {
        var timeline = new Timeline(result, 110);
        for (int row = 0; row < result.Lanes.Count; row++)
        {
            timeline.Mark(row, Up(timeline, 10), "10 ms");
            timeline.Mark(row, Up(timeline, 100), "100 ms");
            timeline.Mark(row, Up(timeline, RunPlan.GoalMs), "1 s", "goal");
            Row(timeline, row, result.Lanes[row].Contestant.Slices);
        }

        return timeline.Svg.Write("Latency of successful calls over time, for each contestant");
    }

    private static void Row(Timeline timeline, int row, IReadOnlyList<Slice> slices)
    {
        double X(int slice) => Timeline.LeftEdge + ((slice + 0.5) * timeline.SliceWidth);
        double? Y(double? ms) => ms is null ? null : timeline.Base(row) - Up(timeline, ms.Value);

        timeline.Svg.Band("band", slices.Select((slice, i) => (X(i), Y(slice.LatencyMs.P95), Y(slice.LatencyMs.P50))));
        timeline.Svg.Curve("p99", slices.Select((slice, i) => (X(i), Y(slice.LatencyMs.P99))));
        timeline.Svg.Curve("p50", slices.Select((slice, i) => (X(i), Y(slice.LatencyMs.P50))));
        for (int i = 0; i < slices.Count; i++)
        {
            Percentiles latency = slices[i].LatencyMs;
            timeline.Tip(row, i, latency.P50 is null
                ? $"{timeline.When(i)}\nno call succeeded"
                : $"{timeline.When(i)}\np50 {Figures.Milliseconds(latency.P50)}, p95 {Figures.Milliseconds(latency.P95)}, "
                    + $"p99 {Figures.Milliseconds(latency.P99)}, of {slices[i].Ends.Succeeded} calls");
        }
    }

    private static double Up(Timeline timeline, double ms) =>
        Math.Log(Math.Clamp(ms, LeastMs, MostMs) / LeastMs) / Math.Log(MostMs / LeastMs) * timeline.RowHeight;
}
