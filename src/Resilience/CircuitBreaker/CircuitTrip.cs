namespace Resilience;

/// <summary>A circuit breaker that just opened, as its break duration generator is told.</summary>
/// <param name="Opens">How often it opened in a row, this time included; closing starts the count again.</param>
/// <param name="Reason">Why it opened.</param>
/// <param name="Calls">The calls that it judged.</param>
/// <param name="Failures">How many of them failed.</param>
/// <param name="SlowCalls">How many of them were slow.</param>
/// <param name="BreakDuration">The break in force meanwhile, and for good if the generator throws or answers a negative one.</param>
public readonly record struct CircuitTrip(
    int Opens, CircuitReason Reason, long Calls, long Failures, long SlowCalls, TimeSpan BreakDuration);
