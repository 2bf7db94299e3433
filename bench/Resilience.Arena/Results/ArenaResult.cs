namespace Resilience.Arena;

/// <summary>A whole run: what was asked for, where it ran, and what each contestant made of it.</summary>
internal sealed record ArenaResult
{
    public required RunPlan Plan { get; init; }

    public required string Machine { get; init; }

    public required DateTimeOffset Finished { get; init; }

    public required IReadOnlyList<LaneResult> Lanes { get; init; }

    public LaneResult? Of(ContestantName name) => Lanes.FirstOrDefault(lane => lane.Contestant.Name == name);
}
