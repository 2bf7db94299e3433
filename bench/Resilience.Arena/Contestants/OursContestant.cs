using Resilience.Http;

namespace Resilience.Arena;

/// <summary>
/// This library's pipeline of the same shape and settings: total timeout → retry → breaker → attempt timeout, with its own classifier
/// of HTTP outcomes, which also reads Retry-After.
/// </summary>
internal sealed class OursContestant : Contestant
{
    private OursContestant(HttpClient client)
        : base(client)
    {
    }

    public static OursContestant Create(Policy policy)
    {
        var log = new BreakerLog();
        CircuitBreaker breaker = Breaker(policy);
        breaker.Subscribe(transition => log.Changed(StateOf(transition.To)));
        Pipeline<HttpResponseMessage> pipeline = new PipelineBuilder<HttpResponseMessage>()
            .Classify(HttpClassifier.System)
            .AddTimeout(TimeSpan.FromMilliseconds(policy.TotalTimeoutMs), "total timeout")
            .AddRetry(new RetryOptions
            {
                MaxRetries = policy.Retries,
                Backoff = Backoff.Exponential(TimeSpan.FromMilliseconds(policy.RetryDelayMs)).WithJitter(Jitter.Full),
            })
            .AddCircuitBreaker(breaker)
            .AddTimeout(TimeSpan.FromMilliseconds(policy.AttemptTimeoutMs), "attempt timeout")
            .Build();

        // As in the other library's lane: the pipeline's total timeout replaces the client's own.
        var client = new HttpClient(new ResilienceHandler(Transport(), pipeline)) { Timeout = Timeout.InfiniteTimeSpan };
        return new OursContestant(client) { Changes = log };
    }

    public override CallEnd Meaning(Exception exception) => exception switch
    {
        RejectedException => CallEnd.Rejected,
        TimeoutRejectedException => CallEnd.TimedOut,
        _ => base.Meaning(exception),
    };

    private static CircuitBreaker Breaker(Policy policy) => new(new CircuitBreakerOptions
    {
        FailureRatio = policy.FailureRatio,
        MinimumCalls = policy.MinimumCalls,
        Window = CircuitWindow.Time(TimeSpan.FromMilliseconds(policy.SamplingMs)),
        BreakDuration = TimeSpan.FromMilliseconds(policy.BreakMs),
    });

    private static BreakerState StateOf(CircuitState state) => state switch
    {
        CircuitState.Closed => BreakerState.Closed,
        CircuitState.HalfOpen => BreakerState.HalfOpen,
        _ => BreakerState.Open,
    };
}
