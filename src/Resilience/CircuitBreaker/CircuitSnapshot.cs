namespace Resilience;

/// <summary>
/// A circuit breaker at one moment. State, generation and the window's counts are of one phase; the counters beside them only grow and are
/// read one after the other.
/// </summary>
public readonly record struct CircuitSnapshot
{
    /// <summary>What it does with calls.</summary>
    public CircuitState State { get; init; }

    /// <summary>The state that decides: differs from <see cref="State"/> in the shadow.</summary>
    public CircuitState DecidingState { get; init; }

    /// <summary>How many states it has had before this one.</summary>
    public long Generation { get; init; }

    /// <summary>Why it is in this state.</summary>
    public CircuitReason Reason { get; init; }

    /// <summary>How long it has been in this state.</summary>
    public TimeSpan TimeInState { get; init; }

    /// <summary>
    /// The calls that the window has counted (see <see cref="CircuitWindow.SliceCredit"/>) or, half-open, the probes that have reported.
    /// </summary>
    public long Calls { get; init; }

    /// <summary>How many of them failed.</summary>
    public long Failures { get; init; }

    /// <summary>How many of them were slow.</summary>
    public long SlowCalls { get; init; }

    /// <summary>How many calls a ratio needs.</summary>
    public int MinimumCalls { get; init; }

    /// <summary>How much time the counts cover; zero for a count window, which does not know.</summary>
    public TimeSpan Covered { get; init; }

    /// <summary>The share of failures, or null: not enough calls.</summary>
    public double? FailureRatio => Ratio(Failures);

    /// <summary>The share of slow calls, or null: not enough calls.</summary>
    public double? SlowCallRatio => Ratio(SlowCalls);

    /// <summary>How many calls were refused.</summary>
    public long Rejected { get; init; }

    /// <summary>How many reports came from an earlier state and moved nothing.</summary>
    public long Stale { get; init; }

    /// <summary>How many calls went through in the shadow that would have been refused.</summary>
    public long WouldHaveRejected { get; init; }

    private double? Ratio(long count) => Calls > 0 && Calls >= MinimumCalls ? (double)count / Calls : null;
}
