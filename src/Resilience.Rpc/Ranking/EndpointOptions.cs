namespace Resilience.Rpc;

/// <summary>One endpoint: what is asked, and what is known of it beforehand. Immutable; checked when the set is built.</summary>
/// <typeparam name="TEndpoint">What the callback is given to ask it.</typeparam>
public sealed record EndpointOptions<TEndpoint>
{
    /// <summary>The name in results: not empty, and no other endpoint's.</summary>
    public required string Name { get; init; }

    /// <summary>What the callback is given to ask it.</summary>
    public required TEndpoint Target { get; init; }

    /// <summary>How much its vote counts in mode Weighted: from 1 to 1,000,000. Default: 1.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Endpoints of a lower rank are asked first, whatever their latency: from 0 to 1,000. Default: 0.</summary>
    public int Rank { get; init; }

    /// <summary>Whom it belongs to or how far it is trusted, for minimums in mode Weighted.</summary>
    public IReadOnlyCollection<string> Tags { get; init; } = [];

    /// <summary>How many calls it may have under way: from 1 to 1,000,000. Those that lost and do not end count. Default: 256.</summary>
    public int MaxConcurrency { get; init; } = 256;

    /// <summary>Its circuit breaker. Default: opens for 5 s when half of the last 32 calls failed, and of at least 10.</summary>
    public CircuitBreakerOptions CircuitBreaker { get; init; } = new()
    {
        FailureRatio = 0.5,
        MinimumCalls = 10,
        Window = CircuitWindow.Calls(32),
    };

    /// <summary>Over how long its latency is tracked. Default: the last minute. The set's time provider counts, not the one in here.</summary>
    public PercentileTrackerOptions Latency { get; init; } = new() { Slices = 6 };

    internal void Validate()
    {
        OptionCheck.That(!string.IsNullOrEmpty(Name), nameof(Name), $"{nameof(Name)} is empty; each endpoint needs one.");
        OptionCheck.NotNull(Target, nameof(Target));
        OptionCheck.NotNull(Tags, nameof(Tags));
        OptionCheck.NotNull(CircuitBreaker, nameof(CircuitBreaker));
        OptionCheck.NotNull(Latency, nameof(Latency));
        OptionCheck.Range(Weight, 1, 1_000_000, nameof(Weight));
        OptionCheck.Range(Rank, 0, 1_000, nameof(Rank));
        OptionCheck.Range(MaxConcurrency, 1, 1_000_000, nameof(MaxConcurrency));
    }
}
