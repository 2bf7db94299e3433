namespace Resilience;

/// <summary>How a phase came about.</summary>
/// <param name="Generation">One more than that of the state before.</param>
/// <param name="Since">When the state was entered.</param>
/// <param name="Reason">Why.</param>
/// <param name="Opens">How often the breaker opened in a row.</param>
/// <param name="Shadowing">Whether what it refuses goes through all the same.</param>
internal readonly record struct PhaseOrigin(long Generation, long Since, CircuitReason Reason, int Opens, bool Shadowing);
