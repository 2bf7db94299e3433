using Resilience.Testing;

namespace Resilience.Tests.Timeouts;

/// <summary>
/// A source returns to its pool only if its attempt ended, disarming won, the caller's registration came off, and it could be reset; and what
/// a callee keeps harms no later call.
/// </summary>
public sealed class DeadlineSourceTests : FreshStack
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private readonly ManualClock _clock = new();
    private readonly Callee _callee = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenNothingCancelledAnAttempt_ItsSourceIsUsedAgain()
    {
        using var caller = new CancellationTokenSource();
        var pipeline = Timed();
        var first = await TokenOf(pipeline, caller.Token);
        Assert.Equal(first, await TokenOf(pipeline, caller.Token));
        Assert.Equal(first, await TokenOf(pipeline, Stop));
        Assert.Equal(first, await TokenOf(pipeline, CancellationToken.None));
    }

    [Fact]
    public async Task WhenTheAttemptHasNotEnded_ItsSourceIsNotUsedElsewhere()
    {
        var pipeline = Timed();
        var call = pipeline.ExecuteAsync(_callee.Start, Stop);
        Assert.NotEqual(_callee.Token, await TokenOf(pipeline, Stop));
        _callee.Return(1);
        await call;
    }

    [Fact]
    public async Task WhenTheDeadlineFired_TheSourceIsNotUsedAgain()
    {
        var pipeline = Timed();
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        _clock.Advance(s_second);
        await call;
        var next = await TokenOf(pipeline, Stop);
        Assert.NotEqual(_callee.Token, next);
        Assert.False(next.IsCancellationRequested);
    }

    [Fact]
    public async Task WhenTheCallerCancelled_TheSourceIsNotUsedAgain()
    {
        using var caller = new CancellationTokenSource();
        var pipeline = Timed();
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, caller.Token);
        await caller.CancelAsync();
        await call;
        Assert.NotEqual(_callee.Token, await TokenOf(pipeline, Stop));
    }

    [Fact]
    public async Task WhenTheCallersCancellationIsStillRunning_TheSourceIsNotUsedAgain()
    {
        // The call ends within the caller's Cancel, on its stack: the registration cannot come off any more.
        using var caller = new CancellationTokenSource();
        var deaf = new Callee(heedsToken: false);
        var pipeline = Timed();
        var call = pipeline.ExecuteAsync(deaf.Start, caller.Token);
        var atStart = deaf.Token;
        deaf.Token.Register(() => deaf.Return(1));
        await caller.CancelAsync();
        Assert.Equal(1, await call);
        Assert.NotEqual(atStart, await TokenOf(pipeline, Stop));
        Assert.Equal(0, Clock.For(_clock).Sweeper.Armed);
    }

    [Fact]
    public async Task WhenACalleeKeepsItsRegistration_ALaterTimeoutDoesNotReachIt()
    {
        var reached = 0;
        var pipeline = Timed();
        await pipeline.ExecuteAsync(
            token =>
            {
                token.Register(() => reached++);
                return new ValueTask<int>(1);
            },
            Stop);
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        _clock.Advance(s_second);
        await call;
        Assert.Equal(0, reached);
    }

    [Fact]
    public async Task WhenACalleeKeepsALinkedSource_DisposingItLaterHarmsNoLaterCall()
    {
        CancellationTokenSource? linked = null;
        var pipeline = Timed();
        var first = default(CancellationToken);
        await pipeline.ExecuteAsync(
            token =>
            {
                first = token;
                linked = CancellationTokenSource.CreateLinkedTokenSource(token);
                return new ValueTask<int>(1);
            },
            Stop);
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        Assert.Equal(first, _callee.Token);
        linked!.Dispose();
        _clock.Advance(s_second);
        Assert.True(call.IsCompleted);
        Assert.IsType<TimeoutRejectedException>((await call).Exception);
    }

    [Fact]
    public async Task WhenACalleeKeepsItsToken_AndThrowsFromIt_TheLaterCallIsNotHarmed()
    {
        var kept = default(CancellationToken);
        var pipeline = Timed();
        await pipeline.ExecuteAsync(
            token =>
            {
                kept = token;
                return new ValueTask<int>(1);
            },
            Stop);
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        kept.Register(() => throw new FormatException());
        _clock.Advance(s_second);
        Assert.True(call.IsCompleted);
        Assert.IsType<TimeoutRejectedException>((await call).Exception);
    }

    [Fact]
    public async Task WhenEachAttemptOwnsItsSource_AKeptTokenIsNeverCancelledByAnotherCall()
    {
        var pipeline = Timed(new PipelineSettings { OwnCancellationSourcePerAttempt = true });
        var kept = await TokenOf(pipeline, Stop);
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        Assert.NotEqual(kept, _callee.Token);
        _clock.Advance(s_second);
        await call;
        Assert.True(_callee.Token.IsCancellationRequested);
        Assert.False(kept.IsCancellationRequested);
        Assert.Equal((0, 0), (Clock.For(_clock).Sweeper.Armed, Clock.For(_clock).Sweeper.Taken));
    }

    [Fact]
    public async Task WhenEachAttemptOwnsItsSource_EveryRetryHasAnother()
    {
        var tokens = new HashSet<CancellationToken>();
        var pipeline = new PipelineBuilder<int> { TimeProvider = _clock, Settings = new() { OwnCancellationSourcePerAttempt = true } }
            .AddTimeout(s_second)
            .AddRetry(new RetryOptions { Backoff = Backoff.None, MaxRetries = 4 })
            .Build();
        await pipeline.ExecuteOutcomeAsync(
            ValueTask<int> (token) =>
            {
                Assert.True(tokens.Add(token));
                throw new FormatException();
            },
            Stop);
        Assert.Equal(5, tokens.Count);
    }

    [Fact]
    public async Task WhenAThreadChangesToAnotherClock_ItsIdleSourceGoesBackToItsOwn()
    {
        var other = new ManualClock();
        await TokenOf(Timed(), Stop);
        var pipeline = new PipelineBuilder<int> { TimeProvider = other }.AddTimeout(s_second).Build();
        var first = await TokenOf(pipeline, Stop);
        Assert.Equal(first, await TokenOf(pipeline, Stop));
        Assert.Equal((1, 1), (Clock.For(_clock).Sweeper.Taken, Clock.For(other).Sweeper.Taken));
    }

    [Fact]
    public void WhenAThreadChangesToAnotherClock_AndThePoolOfItsOwnIsFull_ItsIdleSourceGivesItsPlaceBack()
    {
        var callees = Enumerable.Range(0, PoolLimits.Retained + 10).Select(_ => new Callee()).ToList();
        var pipeline = Timed();
        var calls = callees.Select(callee => pipeline.ExecuteAsync(callee.Start, Stop)).ToList();
        callees.ForEach(callee => callee.Return(1));
        Assert.All(calls, call => Assert.Equal(1, call.Result));
        var sweeper = Clock.For(_clock).Sweeper;
        Assert.Equal(PoolLimits.Retained + 1, sweeper.Taken);
        var other = new PipelineBuilder<int> { TimeProvider = new ManualClock() }.AddTimeout(s_second).Build();
        Assert.Equal(2, other.ExecuteAsync(static _ => new ValueTask<int>(2), Stop).Result);
        Assert.Equal(PoolLimits.Retained, sweeper.Taken);
    }

    private static async Task<CancellationToken> TokenOf(Pipeline<int> pipeline, CancellationToken caller)
    {
        var seen = default(CancellationToken);
        await pipeline.ExecuteAsync(
            token =>
            {
                seen = token;
                return new ValueTask<int>(1);
            },
            caller);
        return seen;
    }

    private Pipeline<int> Timed(PipelineSettings? settings = null) =>
        new PipelineBuilder<int> { TimeProvider = _clock, Settings = settings ?? new() }.AddTimeout(s_second).Build();
}
