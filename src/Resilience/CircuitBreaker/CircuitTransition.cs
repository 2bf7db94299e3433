namespace Resilience;

/// <summary>A change of a circuit breaker's state.</summary>
/// <param name="Breaker">The breaker's name, if it has one.</param>
/// <param name="From">The state before.</param>
/// <param name="To">The state after.</param>
/// <param name="Reason">Why it changed.</param>
/// <param name="Generation">The number of the state after: one more than that of the state before.</param>
/// <param name="BreakDuration">How long the break lasts, if one begins.</param>
/// <param name="Calls">The calls that were judged, if calls were.</param>
/// <param name="Failures">How many of them failed.</param>
/// <param name="SlowCalls">How many of them were slow.</param>
public sealed record CircuitTransition(
    string? Breaker,
    CircuitState From,
    CircuitState To,
    CircuitReason Reason,
    long Generation,
    TimeSpan BreakDuration,
    long Calls,
    long Failures,
    long SlowCalls);
