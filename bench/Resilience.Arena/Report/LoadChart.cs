namespace Resilience.Arena;

/// <summary>Requests a second at the upstream by how they were answered, beside the calls that were offered.</summary>
internal static class LoadChart
{
    public static (string Style, string Title)[] Legend { get; } =
    [
        ("in-time", "good answer"),
        ("failed", "error status"),
        ("reset", "connection reset"),
        ("given-up", "given up by the caller"),
        ("offered", "calls offered"),
    ];

    public static string Draw(ArenaResult result)
    {
        var timeline = new Timeline(result, 84);
        double perSecond = 1 / result.Plan.SliceSeconds;
        double peak = result.Lanes.Max(lane => Math.Max(
            lane.Upstream.Arrived.Take(result.Plan.SliceCount).Max(), lane.Contestant.Slices.Max(slice => slice.Ends.Calls))) * perSecond;
        double top = Rounded(Math.Max(peak, 1));
        for (int row = 0; row < result.Lanes.Count; row++)
        {
            timeline.Mark(row, timeline.RowHeight, FormattableString.Invariant($"{top:0.#}/s"));
            timeline.Mark(row, timeline.RowHeight / 2, FormattableString.Invariant($"{top / 2:0.#}/s"));
            Row(timeline, row, result.Lanes[row], perSecond, timeline.RowHeight / top);
        }

        return timeline.Svg.Write("Requests a second at the upstream over time, for each contestant");
    }

    private static void Row(Timeline timeline, int row, LaneResult lane, double perSecond, double scale)
    {
        UpstreamResult upstream = lane.Upstream;
        IReadOnlyList<Slice> slices = lane.Contestant.Slices;
        for (int i = 0; i < slices.Count; i++)
        {
            int known = upstream.Good[i] + upstream.Errors[i] + upstream.Resets[i];
            (string Style, int Count)[] parts =
            [
                ("in-time", upstream.Good[i]),
                ("failed", upstream.Errors[i]),
                ("reset", upstream.Resets[i]),
                ("given-up", Math.Max(0, upstream.Arrived[i] - known)),
            ];
            double up = 0;
            foreach ((string style, int count) in parts)
            {
                double height = count * perSecond * scale;
                timeline.Svg.Rectangle(
                    $"bar {style}", Timeline.LeftEdge + (i * timeline.SliceWidth), timeline.Base(row) - up - height, timeline.SliceWidth, height);
                up += height;
            }

            timeline.Tip(row, i, $"{timeline.When(i)}\n{upstream.Arrived[i]} requests for {slices[i].Ends.Calls} calls: {upstream.Good[i]} good, "
                + $"{upstream.Errors[i]} errors, {upstream.Resets[i]} resets, {parts[3].Count} given up");
        }

        timeline.Svg.Curve("offered", slices.SelectMany((slice, i) =>
        {
            double y = timeline.Base(row) - (slice.Ends.Calls * perSecond * scale);
            double x = Timeline.LeftEdge + (i * timeline.SliceWidth);
            return new (double, double?)[] { (x, y), (x + timeline.SliceWidth, y) };
        }));
    }

    private static double Rounded(double value)
    {
        double unit = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return new[] { 1, 1.5, 2, 3, 4, 5, 6, 8, 10 }.Select(factor => factor * unit).First(candidate => candidate >= value);
    }
}
