namespace Resilience;

/// <summary>What a circuit breaker does with calls.</summary>
public enum CircuitState : byte
{
    /// <summary>Calls go through and their outcomes are watched.</summary>
    Closed,

    /// <summary>Calls are refused until the break is over.</summary>
    Open,

    /// <summary>The break is over: a few probes go through and decide what follows.</summary>
    HalfOpen,

    /// <summary>Held open by hand: calls are refused until somebody resets it.</summary>
    Isolated,

    /// <summary>Calls go through and are recorded; it never opens.</summary>
    Disabled,

    /// <summary>Calls go through; it decides as if it were in force and counts what it would have refused.</summary>
    Shadow,
}
