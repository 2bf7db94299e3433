namespace Resilience.Tests.Execution;

/// <summary>Callbacks that return their outcome: several attempts on one stack, and one that leaves it.</summary>
public sealed class OutcomeCallbackTests : Timeouts.FreshStack
{
    private static readonly Outcome<Tracked> s_failed = Outcome.FromException<Tracked>(new InvalidOperationException("No."));
    private readonly Pipeline<Tracked> _pipeline = new PipelineBuilder<Tracked>()
        .Classify(rules => rules.OnResult(result => result.Name == "rejected", Verdict.Transient).Otherwise(Verdict.Transient))
        .AddRetry(new RetryOptions { MaxRetries = 3, Backoff = Backoff.None })
        .Build();

    private int _attempts;

    [Fact]
    public async Task WhenAttemptsFailAtOnce_TheNextSucceeds_AndDiscardedResultsAreDisposed()
    {
        var rejected = new Tracked("rejected");
        var good = new Tracked("good");
        var call = _pipeline.ExecuteOutcomeAsync(
            (_, _) => new ValueTask<Outcome<Tracked>>(_attempts++ switch
            {
                0 => s_failed,
                1 => Outcome.FromResult(rejected),
                _ => Outcome.FromResult(good),
            }),
            0);
        Assert.True(call.IsCompleted);
        Assert.Same(good, (await call).ResultOrDefault);
        Assert.Equal((3, 1, 0), (_attempts, rejected.Disposals, good.Disposals));
    }

    [Fact]
    public async Task WhenEveryAttemptFails_TheLastOutcomeIsTheCalls()
    {
        var outcome = await _pipeline.ExecuteOutcomeAsync((_, _) => { _attempts++; return new ValueTask<Outcome<Tracked>>(s_failed); }, 0);
        Assert.Same(s_failed.Exception, outcome.Exception);
        Assert.Equal(4, _attempts);
    }

    [Fact]
    public async Task WhenALaterAttemptSuspends_ItsOutcomeIsTheCalls()
    {
        var good = new Tracked("good");
        var source = new ManualSource<Outcome<Tracked>>();
        var call = _pipeline.ExecuteOutcomeAsync((_, _) => _attempts++ < 2 ? new ValueTask<Outcome<Tracked>>(s_failed) : source.Task, 0);
        Assert.False(call.IsCompleted);
        source.Complete(Outcome.FromResult(good));
        Assert.Same(good, (await call).ResultOrDefault);
        Assert.Equal(3, _attempts);
    }

    [Fact]
    public async Task WhenTheRulesThrowOnAFault_ThatIsTheOutcome()
    {
        var breaker = new CircuitBreaker(new CircuitBreakerOptions { MinimumCalls = 1 });
        var pipeline = new PipelineBuilder<int>()
            .Classify(rules => rules.On<IOException>(static _ => throw new FormatException("rule"), Verdict.Transient))
            .AddCircuitBreaker(breaker).Build();
        var outcome = await pipeline.ExecuteOutcomeAsync(static (_, _) => new ValueTask<Outcome<int>>(Outcome.FromException<int>(new IOException())), 0);
        Assert.IsType<FormatException>(outcome.Exception);
        Assert.Equal(0, breaker.Snapshot.Calls);
    }

    [Fact]
    public async Task WhenTheBreakerInsideARetryIsIsolatedByTheFirstAttempt_TheSecondIsRefused_AndThatIsTheOutcome()
    {
        var breaker = new CircuitBreaker(new CircuitBreakerOptions());
        var pipeline = new PipelineBuilder<int>()
            .Classify(rules => rules.OnResult(static result => result < 0, Verdict.Transient))
            .AddRetry(new RetryOptions { Backoff = Backoff.None }).AddCircuitBreaker(breaker).Build();
        var call = pipeline.ExecuteOutcomeAsync(Attempt, 0);
        Assert.True(call.IsCompleted);
        Assert.Equal((RejectionReason.CircuitIsolated, 1), ((await call).Rejection?.Reason, _attempts));
        breaker.Reset();
        var thrown = await Assert.ThrowsAsync<RejectedException>(() => pipeline.ExecuteAsync(Attempt, 0).AsTask());
        Assert.Equal((RejectionReason.CircuitIsolated, 2), (thrown.Reason, _attempts));

        ValueTask<int> Attempt(int state, CancellationToken token)
        {
            breaker.Isolate();
            _attempts++;
            return new ValueTask<int>(-1);
        }
    }

    [Fact]
    public async Task WhenALaterAttemptThrowsOrIsSpent_ThatIsItsOutcome()
    {
        var source = new ManualSource<Outcome<Tracked>>();
        var spent = source.Task;
        source.Reset();
        var outcome = await _pipeline.ExecuteOutcomeAsync(
            (_, _) => _attempts++ switch
            {
                0 => new ValueTask<Outcome<Tracked>>(s_failed),
                1 => throw new FormatException("No."),
                _ => spent,
            },
            0);
        Assert.IsType<InvalidOperationException>(outcome.Exception);
        Assert.Equal(4, _attempts);
    }
}
