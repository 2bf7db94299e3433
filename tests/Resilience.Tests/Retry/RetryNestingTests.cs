using Resilience.Testing;
using Resilience.Tests.Timeouts;

namespace Resilience.Tests.Retry;

/// <summary>Retries in retries, one retry in many places, refusals, and results that nobody will see.</summary>
public sealed class RetryNestingTests : FreshStack
{
    private static readonly RetryOptions s_twice = new() { MaxRetries = 2, Backoff = Backoff.None };
    private readonly ManualClock _clock = new();
    private int _starts;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenRetriesAreNested_TheirAttemptsMultiply_AndAllSeeOneAttemptNumber()
    {
        var (outer, inner) = (new Probe(), new Probe());
        var pipeline = new PipelineBuilder().Add(outer).AddRetry(s_twice).AddRetry(s_twice with { MaxRetries = 3 }).Add(inner).Build();
        await Assert.ThrowsAsync<IOException>(async () => await pipeline.ExecuteAsync(Fail, Stop));
        Assert.Equal(12, _starts);
        Assert.Equal(Enumerable.Range(0, 12), inner.Attempts);
        Assert.Equal([11], outer.Attempts);
    }

    [Fact]
    public async Task WhenAnOuterRetryTriesAgain_TheInnerOneStartsAfresh_WithItsScheduleToo()
    {
        var delays = new List<TimeSpan>();
        RetryOptions With(string name, Backoff backoff) => new()
        {
            Name = name,
            MaxRetries = 2,
            Backoff = backoff,
            OnRetry = e =>
            {
                delays.Add(e.Delay);
                return default;
            },
        };
        var pipeline = new PipelineBuilder { TimeProvider = _clock }
            .AddRetry(With("outer", Backoff.Constant(TimeSpan.FromSeconds(60))))
            .AddRetry(With("inner", Backoff.Linear(TimeSpan.FromSeconds(1))))
            .Build();
        var call = pipeline.ExecuteAsync(Fail, Stop);
        _clock.Advance(TimeSpan.FromHours(1));
        await Assert.ThrowsAsync<IOException>(async () => await call);
        Assert.Equal([1, 2, 60, 1, 2, 60, 1, 2], delays.Select(d => d.TotalSeconds));
    }

    [Fact]
    public async Task WhenOneRetryStandsInTwoPipelines_AndTwiceInOne_EachCallAndPlaceCountsForItself()
    {
        var strategy = new PipelineBuilder().AddRetry(s_twice).Build().Strategies[0];
        var single = new PipelineBuilder().Add(strategy).Build();
        var twice = new PipelineBuilder().Add(strategy).Add(strategy).Build();
        foreach (var (pipeline, starts) in new[] { (single, 3), (twice, 9), (single, 3) })
        {
            _starts = 0;
            await Assert.ThrowsAsync<IOException>(async () => await pipeline.ExecuteAsync(Fail, Stop));
            Assert.Equal(starts, _starts);
        }
    }

    [Fact]
    public async Task WhenResultsAreTriedAgain_EachDiscardedOneIsDisposedOnce_AndTheLastIsNot()
    {
        var results = new List<Response>();
        var pipeline = new PipelineBuilder<Response>().Classify(rules => rules.OnResult(_ => true, Verdict.Transient)).AddRetry(s_twice).Build();
        var last = await pipeline.ExecuteAsync(
            async ValueTask<Response> (_) =>
            {
                await Task.Yield();
                results.Add(new Response());
                return results[^1];
            },
            Stop);
        Assert.Equal([1, 1, 0], results.Select(r => r.Disposed));
        Assert.Same(results[^1], last);
    }

    [Fact]
    public async Task WhenTheCallIsStoppedDuringTheBackoff_TheDiscardedResultIsDisposedOnce()
    {
        using var caller = new CancellationTokenSource();
        var response = new Response();
        var pipeline = new PipelineBuilder<Response> { TimeProvider = _clock }
            .Classify(rules => rules.OnResult(_ => true, Verdict.Transient)).AddRetry().Build();
        var call = pipeline.ExecuteOutcomeAsync(_ => new ValueTask<Response>(response), caller.Token);
        await caller.CancelAsync();
        Assert.Null((await call).ResultOrDefault);
        Assert.Equal(1, response.Disposed);
    }

    [Fact]
    public async Task WhenAHookThrows_TheResultThatItHidesIsDisposedOnce()
    {
        var response = new Response();
        var pipeline = new PipelineBuilder<Response>().Classify(rules => rules.OnResult(_ => true, Verdict.Transient))
            .AddRetry(new RetryOptions { OnRetry = _ => throw new NotSupportedException() }).Build();
        Assert.IsType<NotSupportedException>((await pipeline.ExecuteOutcomeAsync(_ => new ValueTask<Response>(response), Stop)).Exception);
        Assert.Equal(1, response.Disposed);
    }

    [Fact]
    public async Task WhenDisposingADiscardedResultThrows_TheCallFailsWithThat()
    {
        var pipeline = new PipelineBuilder<Response>().Classify(rules => rules.OnResult(_ => true, Verdict.Transient)).AddRetry(s_twice).Build();
        var outcome = await pipeline.ExecuteOutcomeAsync(
            _ =>
            {
                _starts++;
                return new ValueTask<Response>(new Response { Throws = true });
            },
            Stop);
        Assert.IsType<NotSupportedException>(outcome.Exception);
        Assert.Equal(1, _starts);
    }

    [Fact]
    public async Task WhenAStrategyInsideRefuses_ItIsNotTriedAgain_UnlessAskedFor()
    {
        var refusing = new Refusing(TimeSpan.FromSeconds(3));
        var outcome = await Around(refusing, retryRejections: false).ExecuteOutcomeAsync(Succeed, Stop);
        Assert.Same(refusing, outcome.Rejection!.Value.Source);
        Assert.Equal((1, 0), (refusing.Asked, _starts));
    }

    [Fact]
    public async Task WhenRefusalsAreTriedAgain_ItIsAfterTheirOwnTime_AndTheyCountNoAttempt()
    {
        var refusing = new Refusing(TimeSpan.FromSeconds(3)) { Times = 2 };
        var probe = new Probe();
        var pipeline = new PipelineBuilder<int> { TimeProvider = _clock }
            .Add(probe).AddRetry(s_twice with { RetryRejections = true }).Add(refusing).Build();
        var call = pipeline.ExecuteAsync(Succeed, Stop);
        foreach (var asked in new[] { 2, 3 })
        {
            _clock.Advance(TimeSpan.FromSeconds(3) - new TimeSpan(1));
            Assert.Equal(asked - 1, refusing.Asked);
            _clock.Advance(new TimeSpan(1));
            Assert.Equal(asked, refusing.Asked);
        }

        Assert.Equal(7, await call);
        Assert.Equal([0], probe.Attempts);
    }

    [Fact]
    public async Task WhenARefusalAsksForMoreThanTheLimit_ItGoesOnAtOnce()
    {
        var refusing = new Refusing(TimeSpan.FromSeconds(31));
        var outcome = await Around(refusing, retryRejections: true).ExecuteOutcomeAsync(Succeed, Stop);
        Assert.Equal(TimeSpan.FromSeconds(31), outcome.Rejection!.Value.RetryAfter);
        Assert.Equal(1, refusing.Asked);
    }

    private Pipeline<int> Around(Strategy strategy, bool retryRejections) => new PipelineBuilder<int> { TimeProvider = _clock }
        .AddRetry(s_twice with { RetryRejections = retryRejections }).Add(strategy).Build();

    private ValueTask<int> Fail(CancellationToken token)
    {
        _starts++;
        throw new IOException();
    }

    private ValueTask<int> Succeed(CancellationToken token)
    {
        _starts++;
        return new ValueTask<int>(7);
    }

    private sealed class Response : IDisposable
    {
        public int Disposed { get; private set; }

        public bool Throws { get; init; }

        public void Dispose()
        {
            Disposed++;
            if (Throws)
            {
                throw new NotSupportedException();
            }
        }
    }

    private sealed class Refusing(TimeSpan retryAfter) : Strategy("refusing")
    {
        public int Asked { get; private set; }

        public int Times { get; init; } = int.MaxValue;

        protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot) =>
            Asked++ < Times ? frame.Refuse(this, RejectionReason.LimitReached, retryAfter) : Entry.Go;
    }
}
