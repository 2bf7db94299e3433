using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using PollyOutcome = Polly.Outcome<System.Net.Http.HttpResponseMessage>;
using PollyTimeout = Polly.Timeout.TimeoutRejectedException;

namespace Resilience.Arena;

/// <summary>
/// Polly's standard HTTP pipeline from Polly.Core's parts: total timeout → retry → breaker → attempt timeout, with the defaults of
/// Microsoft.Extensions.Http.Resilience: status of at least 500, 408 and 429, HttpRequestException and TimeoutRejectedException are
/// transient, Retry-After is honoured, backoff is exponential with jitter. Without telemetry, which costs Polly nothing here.
/// </summary>
internal sealed class PollyContestant : Contestant
{
    private PollyContestant(HttpClient client)
        : base(client)
    {
    }

    public static PollyContestant Create(Policy policy)
    {
        var breaker = new BreakerLog();
        ResiliencePipeline<HttpResponseMessage> pipeline = Pipeline(policy, breaker);

        // As Microsoft.Extensions.Http.Resilience does: the pipeline's total timeout replaces the client's own.
        var client = new HttpClient(new PollyHandler(pipeline, Transport())) { Timeout = Timeout.InfiniteTimeSpan };
        return new PollyContestant(client) { Changes = breaker };
    }

    public override CallEnd Meaning(Exception exception) => exception switch
    {
        BrokenCircuitException => CallEnd.Rejected,
        PollyTimeout => CallEnd.TimedOut,
        _ => base.Meaning(exception),
    };

    private static ResiliencePipeline<HttpResponseMessage> Pipeline(Policy policy, BreakerLog breaker) =>
        new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddTimeout(TimeSpan.FromMilliseconds(policy.TotalTimeoutMs))
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = policy.Retries,
                Delay = TimeSpan.FromMilliseconds(policy.RetryDelayMs),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = static arguments => new ValueTask<bool>(IsTransient(arguments.Outcome)),
                DelayGenerator = static arguments => new ValueTask<TimeSpan?>(RetryAfter(arguments.Outcome.Result)),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = policy.FailureRatio,
                MinimumThroughput = policy.MinimumCalls,
                SamplingDuration = TimeSpan.FromMilliseconds(policy.SamplingMs),
                BreakDuration = TimeSpan.FromMilliseconds(policy.BreakMs),
                ShouldHandle = static arguments => new ValueTask<bool>(IsTransient(arguments.Outcome)),
                OnOpened = _ => Record(breaker, BreakerState.Open),
                OnHalfOpened = _ => Record(breaker, BreakerState.HalfOpen),
                OnClosed = _ => Record(breaker, BreakerState.Closed),
            })
            .AddTimeout(TimeSpan.FromMilliseconds(policy.AttemptTimeoutMs))
            .Build();

    private static bool IsTransient(PollyOutcome outcome) => outcome switch
    {
        { Exception: HttpRequestException or PollyTimeout } => true,
        { Result.StatusCode: >= HttpStatusCode.InternalServerError } => true,
        { Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests } => true,
        _ => false,
    };

    private static TimeSpan? RetryAfter(HttpResponseMessage? response) => response?.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date - DateTimeOffset.UtcNow is var wait && wait > TimeSpan.Zero => wait,
        _ => null,
    };

    private static ValueTask Record(BreakerLog breaker, BreakerState state)
    {
        breaker.Changed(state);
        return ValueTask.CompletedTask;
    }
}
