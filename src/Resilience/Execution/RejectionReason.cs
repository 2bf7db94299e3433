namespace Resilience;

/// <summary>Why a strategy refused a call.</summary>
public enum RejectionReason : byte
{
    /// <summary>A strategy of the user's own refused.</summary>
    Refused,

    /// <summary>A circuit breaker is open, or half-open with every probe out.</summary>
    CircuitOpen,

    /// <summary>A circuit breaker is held open by hand.</summary>
    CircuitIsolated,

    /// <summary>A limiter has no permit left.</summary>
    LimitReached,

    /// <summary>A retry or hedging budget is spent.</summary>
    BudgetSpent,

    /// <summary>The deadline had passed before the call could start.</summary>
    DeadlinePassed,
}
