namespace Resilience.Arena;

/// <summary>The report in two sentences, made from its figures.</summary>
internal static class Lead
{
    public static string Write(ArenaResult result)
    {
        IEnumerable<string> each = result.Lanes
            .OrderByDescending(lane => lane.Contestant.Ends.InTime)
            .Select(lane => $"<b>{HtmlReport.Encode(lane.Title)}</b> {Figures.Percent(lane.Contestant.Ends.InTime, lane.Contestant.Ends.Calls)}");
        string[] shares = [.. each];
        string listed = shares.Length < 2 ? shares[0] : $"{string.Join(", ", shares[..^1])} and {shares[^1]}";
        return $"The same {Figures.Whole(result.Lanes[0].Contestant.Ends.Calls)} calls go to the same server through the same outage, "
            + $"in {(result.Lanes.Count == 3 ? "three" : "several")} ways. Answered well within a second: {listed}.";
    }
}
