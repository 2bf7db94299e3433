namespace Resilience.Arena;

/// <summary>How far a contestant is.</summary>
internal sealed record Tick(double At, int Done, int Succeeded, int InFlight, int Calls, BreakerState Breaker);
