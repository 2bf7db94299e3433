namespace Resilience.Http;

/// <summary>
/// The standard pipeline for HTTP: a total timeout around a retry around a circuit breaker around a timeout for each attempt.
/// </summary>
public sealed record StandardResilienceOptions
{
    /// <summary>The time allowed for a call with all its attempts and waits: above zero, at most 365 days. Default: 30 s.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>When and how often it is tried again. Default: 3 times, exponential from 2 s with full jitter, at most 30 s.</summary>
    public RetryOptions Retry { get; init; } = new()
    {
        MaxRetries = 3,
        Backoff = Backoff.Exponential(TimeSpan.FromSeconds(2)).WithJitter(Jitter.Full).WithCap(TimeSpan.FromSeconds(30)),
        MaxRetryAfter = TimeSpan.FromSeconds(30),
    };

    /// <summary>
    /// When the circuit breaker opens and for how long. Default: when a tenth of at least 100 attempts within 30 s failed, for 5 s.
    /// </summary>
    public CircuitBreakerOptions CircuitBreaker { get; init; } = new()
    {
        FailureRatio = 0.1,
        MinimumCalls = 100,
        Window = CircuitWindow.Time(TimeSpan.FromSeconds(30), slices: 10),
        BreakDuration = TimeSpan.FromSeconds(5),
    };

    /// <summary>The time allowed for one attempt: above zero, at most <see cref="TotalTimeout"/>. Default: 10 s.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Which requests may be sent again. Default: those with an idempotent method and a content that can be written again.</summary>
    public ResilienceHandlerOptions Requests { get; init; } = new();

    // The strategies check what is theirs.
    internal StandardResilienceOptions Validated()
    {
        ArgumentNullException.ThrowIfNull(Retry);
        ArgumentNullException.ThrowIfNull(CircuitBreaker);
        ArgumentNullException.ThrowIfNull(Requests);
        Requests.Validated();
        return AttemptTimeout <= TotalTimeout
            ? this
            : throw new ArgumentOutOfRangeException(
                nameof(AttemptTimeout), AttemptTimeout, $"AttemptTimeout is {AttemptTimeout}: it must be at most the TotalTimeout of {TotalTimeout}.");
    }
}
