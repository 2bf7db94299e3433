namespace Resilience.Arena;

/// <summary>The state of each breaker as a band.</summary>
internal static class BreakerChart
{
    // A probe lasts milliseconds: narrower than this it could not be seen.
    private const double LeastWidth = 2;
    private const double BandHeight = 28;
    private const double LabelWidth = 110;

    public static (string Style, string Title)[] Legend { get; } = [("closed", "closed"), ("open", "open"), ("half-open", "half open: a probe is out")];

    public static string Draw(ArenaResult result)
    {
        var timeline = new Timeline(result, 44);
        for (int row = 0; row < result.Lanes.Count; row++)
        {
            if (result.Lanes[row].Contestant.Name == ContestantName.Bare)
            {
                timeline.Svg.Text("note", Timeline.LeftEdge + 10, timeline.Base(row) - 17, "has no breaker");
                continue;
            }

            Row(timeline, row, result.Lanes[row].Contestant, result.Plan);
        }

        return timeline.Svg.Write("State of the breaker over time, for each contestant");
    }

    private static void Row(Timeline timeline, int row, ContestantSummary contestant, RunPlan plan)
    {
        double top = timeline.Base(row) - BandHeight;
        var states = new List<BreakerChange> { new(0, BreakerState.Closed) };
        states.AddRange(contestant.Breaker);
        // Probes last: their marks are wider than their time and must not be covered.
        foreach (int i in Enumerable.Range(0, states.Count).OrderBy(i => states[i].State == BreakerState.HalfOpen))
        {
            double end = i + 1 < states.Count ? states[i + 1].At : plan.Seconds;
            double x = timeline.X(states[i].At);
            double least = states[i].State == BreakerState.HalfOpen ? LeastWidth : 0;
            timeline.Svg.Rectangle(
                $"bar {Style(states[i].State)}",
                x,
                top,
                Math.Max(timeline.X(end) - x, least),
                BandHeight,
                FormattableString.Invariant($"{Style(states[i].State).Replace('-', ' ')} from {states[i].At:F2} s to {end:F2} s"));
        }

        IReadOnlyList<OutageSpan> outages = plan.Script.Outages(plan.Seconds);
        foreach ((OutageSpan outage, BreakerTimes times) in outages.Zip(contestant.BreakerTimes))
        {
            string opened = times.ToOpen is null ? "did not open" : $"open after {Figures.Seconds(times.ToOpen)}";
            bool room = timeline.X(outage.Start) - Timeline.LeftEdge > LabelWidth;
            timeline.Svg.Text(room ? "note end" : "note", timeline.X(outage.Start) + (room ? -4 : 4), top - 5, opened);
            if (times.ToClose is not null)
            {
                timeline.Svg.Text("note", timeline.X(outage.End) + 4, top - 5, $"closed after {Figures.Seconds(times.ToClose)}");
            }
        }
    }

    private static string Style(BreakerState state) => state switch
    {
        BreakerState.Open => "open",
        BreakerState.HalfOpen => "half-open",
        _ => "closed",
    };
}
