namespace Resilience.Arena;

/// <summary>One contestant's run, told from both ends: by the contestant and by its upstream.</summary>
internal sealed record LaneResult(string Title, ContestantSummary Contestant, UpstreamResult Upstream)
{
    /// <summary>Requests that reached the upstream for each call that was begun.</summary>
    public double RequestsPerCall => Upstream.Total / (double)Math.Max(1, Contestant.Ends.Calls - Contestant.Ends.Shed);

    /// <summary>The same for the outage alone; null when the script has none.</summary>
    public double? RequestsPerCallInOutage =>
        Contestant.CallsInOutage == 0 ? null : Upstream.ArrivedInOutage / (double)Contestant.CallsInOutage;

    /// <summary>What does not fit together between the two ends; empty when all does.</summary>
    public IEnumerable<string> Contradictions()
    {
        Ends ends = Contestant.Ends;
        if (!ends.AddUp)
        {
            yield return $"{Title}: the ways in which calls ended do not add up to {ends.Calls} calls: {ends}.";
        }

        if (ends.Calls != Contestant.Slices.Sum(slice => slice.Ends.Calls))
        {
            yield return $"{Title}: the slices do not add up to {ends.Calls} calls.";
        }

        if (ends.Succeeded > Upstream.Good.Sum())
        {
            yield return $"{Title}: {ends.Succeeded} calls succeeded, yet the upstream gave {Upstream.Good.Sum()} good answers.";
        }
    }
}
