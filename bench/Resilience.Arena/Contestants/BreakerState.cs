namespace Resilience.Arena;

/// <summary>The state of a contestant's breaker.</summary>
internal enum BreakerState
{
    /// <summary>Calls pass.</summary>
    Closed,

    /// <summary>Calls are refused.</summary>
    Open,

    /// <summary>A probe is under way.</summary>
    HalfOpen,
}
