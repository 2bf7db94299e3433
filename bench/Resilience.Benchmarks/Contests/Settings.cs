using Polly;
using Polly.CircuitBreaker;
using Polly.Hedging;
using Polly.Retry;

namespace Resilience.Benchmarks;

/// <summary>The same settings for both sides.</summary>
internal static class Settings
{
    public const int CountWindow = 1_024;
    public static readonly TimeSpan TotalTimeout = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);
    private static readonly CancellationTokenSource s_neverCancelled = new();
    private const double FailureRatio = 0.1;
    private const int MinimumCalls = 100;
    private const int Retries = 3;
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_samplingDuration = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_hedgeDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_breakDuration = TimeSpan.FromSeconds(5);

    /// <summary>Two attempts, the second after 2 s; ours under its budget of 5 %, which the peer has not.</summary>
    public static HedgingOptions Hedging { get; } = new() { MaxAttempts = 2, Delay = HedgeDelay.After(s_hedgeDelay) };

    /// <summary>The same without a budget, for calls that are all hedged.</summary>
    public static HedgingOptions UnboundHedging { get; } = Hedging with { ExtraLoad = double.PositiveInfinity, MaxInFlightLosers = int.MaxValue };

    public static HedgingStrategyOptions<Reply> PeerHedging => new() { MaxHedgedAttempts = 1, Delay = s_hedgeDelay };

    /// <summary>A token that could be cancelled, and is not.</summary>
    public static CancellationToken CancellableToken => s_neverCancelled.Token;

    /// <summary>Ours: the last 30 s, as the peer counts.</summary>
    public static CircuitBreakerOptions TimeBreaker { get; } = new()
    {
        FailureRatio = FailureRatio,
        MinimumCalls = MinimumCalls,
        Window = CircuitWindow.Time(s_samplingDuration),
        BreakDuration = s_breakDuration,
    };

    /// <summary>Ours: the last 1,024 calls. The peer has no such window.</summary>
    public static CircuitBreakerOptions CountBreaker { get; } = TimeBreaker with { Window = CircuitWindow.Calls(CountWindow) };

    public static CircuitBreakerStrategyOptions<Reply> PeerBreaker => new()
    {
        FailureRatio = FailureRatio,
        MinimumThroughput = MinimumCalls,
        SamplingDuration = s_samplingDuration,
        BreakDuration = s_breakDuration,
    };

    public static RetryOptions Retry { get; } = new()
    {
        MaxRetries = Retries,
        Backoff = Backoff.Exponential(s_firstDelay).WithJitter(Jitter.Full).WithCap(s_longestDelay),
    };

    public static RetryStrategyOptions<Reply> PeerRetry => new()
    {
        MaxRetryAttempts = Retries,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = s_firstDelay,
        MaxDelay = s_longestDelay,
    };

    /// <summary>Timeout, retry, breaker, timeout: the order and the settings that both libraries advise for HTTP.</summary>
    public static PipelineBuilder<Reply> Standard() => new PipelineBuilder<Reply>()
        .AddTimeout(TotalTimeout)
        .AddRetry(Retry)
        .AddCircuitBreaker(TimeBreaker)
        .AddTimeout(AttemptTimeout);

    /// <inheritdoc cref="Standard"/>
    public static ResiliencePipeline<Reply> PeerStandard() => PeerStandard(PeerRetry, PeerBreaker);

    /// <summary>Exceptions are failures, and so are replies that say so.</summary>
    public static OutcomeRules<Reply> Rules(OutcomeRules<Reply> rules) => rules.OnResult(static reply => reply.IsFailure, Verdict.Transient);

    /// <summary>The peer's breaker under the same rules, written as its documentation advises for speed.</summary>
    public static CircuitBreakerStrategyOptions<Reply> PeerClassifyingBreaker()
    {
        var options = PeerBreaker;
        options.ShouldHandle = static args => IsFailure(args.Outcome);
        return options;
    }

    /// <summary>The peer's standard pipeline, both of its judging strategies under the same rules.</summary>
    public static ResiliencePipeline<Reply> PeerClassifyingStandard()
    {
        var retry = PeerRetry;
        retry.ShouldHandle = static args => IsFailure(args.Outcome);
        return PeerStandard(retry, PeerClassifyingBreaker());
    }

    private static ResiliencePipeline<Reply> PeerStandard(RetryStrategyOptions<Reply> retry, CircuitBreakerStrategyOptions<Reply> breaker) =>
        new ResiliencePipelineBuilder<Reply>()
            .AddTimeout(TotalTimeout)
            .AddRetry(retry)
            .AddCircuitBreaker(breaker)
            .AddTimeout(AttemptTimeout)
            .Build();

    /// <summary>The rule of <see cref="Rules"/>, as the peer asks it.</summary>
    public static ValueTask<bool> IsFailure(Polly.Outcome<Reply> outcome) => outcome switch
    {
        { Exception: not null } => PredicateResult.True(),
        { Result.IsFailure: true } => PredicateResult.True(),
        _ => PredicateResult.False(),
    };
}
