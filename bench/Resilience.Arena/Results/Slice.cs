namespace Resilience.Arena;

/// <summary>The calls whose intended start lies in one slice of the run, and the latency of those that succeeded.</summary>
internal sealed record Slice(double At, Ends Ends, Percentiles LatencyMs);
