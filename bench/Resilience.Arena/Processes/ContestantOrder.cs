namespace Resilience.Arena;

/// <summary>What a contestant's process is told first.</summary>
internal sealed record ContestantOrder(ContestantName Name, Uri Upstream, RunPlan Plan);
