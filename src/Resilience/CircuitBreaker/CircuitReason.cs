namespace Resilience;

/// <summary>Why a circuit breaker is in its state.</summary>
public enum CircuitReason : byte
{
    /// <summary>It started so.</summary>
    Started,

    /// <summary>The share of failures reached its limit.</summary>
    FailureRatio,

    /// <summary>The share of slow calls reached its limit.</summary>
    SlowCallRatio,

    /// <summary>Too many failures in a row.</summary>
    ConsecutiveFailures,

    /// <summary>The break is over.</summary>
    BreakElapsed,

    /// <summary>Enough probes succeeded.</summary>
    ProbesPassed,

    /// <summary>Too many probes failed.</summary>
    ProbesFailed,

    /// <summary>Too many probes were slow.</summary>
    ProbesSlow,

    /// <summary>Somebody isolated, disabled, shadowed or reset it.</summary>
    ByHand,
}
