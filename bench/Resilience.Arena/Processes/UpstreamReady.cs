namespace Resilience.Arena;

/// <summary>The upstream listens.</summary>
internal sealed record UpstreamReady(int Port);
