namespace Resilience.Arena;

/// <summary>A breaker's new state and the second of the script at which it was entered.</summary>
internal sealed record BreakerChange(double At, BreakerState State);
