namespace Resilience.Arena;

/// <summary>What became of the calls, as stacked columns to 100 %.</summary>
internal static class OutcomeChart
{
    private static readonly (string Style, Func<Ends, int> Count)[] s_parts =
    [
        ("in-time", ends => ends.InTime),
        ("late", ends => ends.Late),
        ("rejected", ends => ends.Rejected),
        ("timed-out", ends => ends.TimedOut),
        ("failed", ends => ends.Failed),
        ("lost", ends => ends.Shed + ends.Unfinished),
    ];

    public static (string Style, string Title)[] Legend { get; } =
    [
        ("in-time", "in time"),
        ("late", "succeeded late"),
        ("rejected", "rejected by the breaker"),
        ("timed-out", "timed out"),
        ("failed", "failed"),
        ("lost", "shed or unfinished"),
    ];

    public static string Draw(ArenaResult result)
    {
        var timeline = new Timeline(result, 84);
        for (int row = 0; row < result.Lanes.Count; row++)
        {
            timeline.Mark(row, timeline.RowHeight, "100 %");
            timeline.Mark(row, timeline.RowHeight / 2, "50 %");
            IReadOnlyList<Slice> slices = result.Lanes[row].Contestant.Slices;
            for (int i = 0; i < slices.Count; i++)
            {
                Column(timeline, row, i, slices[i].Ends);
            }
        }

        return timeline.Svg.Write("What became of the calls over time, for each contestant");
    }

    /// <summary>The same parts for a whole run, as widths of a bar in a card.</summary>
    public static IEnumerable<(string Style, double Part)> Parts(Ends ends) =>
        s_parts.Select(part => (part.Style, part.Count(ends) / (double)Math.Max(1, ends.Calls))).Where(part => part.Item2 > 0);

    private static void Column(Timeline timeline, int row, int slice, Ends ends)
    {
        if (ends.Calls == 0)
        {
            return;
        }

        double up = 0;
        foreach ((string style, double part) in Parts(ends))
        {
            double height = part * timeline.RowHeight;
            timeline.Svg.Rectangle(
                $"bar {style}", Timeline.LeftEdge + (slice * timeline.SliceWidth), timeline.Base(row) - up - height, timeline.SliceWidth, height);
            up += height;
        }

        timeline.Tip(row, slice, $"{timeline.When(slice)}\n{ends.Calls} calls: {ends.InTime} in time, {ends.Late} late, {ends.Rejected} rejected, "
            + $"{ends.TimedOut} timed out, {ends.Failed} failed");
    }
}
