using Resilience.Testing;

namespace Resilience.Tests.Timeouts;

/// <summary>At the deadline the caller goes on, whatever the callee does; what it does later is observed, counted and disposed.</summary>
public sealed class AbandoningTimeoutTests : FreshStack
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private readonly ManualClock _clock = new();
    private readonly AbandonedCalls _abandoned = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private TimeoutOptions Abandoning => new() { Name = "attempt", Timeout = s_second, Abandoned = _abandoned };

    [Fact]
    public async Task WhenTheCalleeIgnoresItsToken_TheCallerGetsTheTimeoutAtTheDeadline_AndTheResultIsDisposedLater()
    {
        var callee = new TaskCompletionSource<Disposable>();
        var token = CancellationToken.None;
        var call = Build<Disposable>(b => b.AddTimeout(Abandoning)).ExecuteOutcomeAsync(
            t =>
            {
                token = t;
                return new ValueTask<Disposable>(callee.Task);
            },
            Stop);
        _clock.Advance(s_second - new TimeSpan(1));
        Assert.False(call.IsCompleted);
        _clock.Advance(new TimeSpan(1));
        Assert.True(call.IsCompleted);
        Assert.True(token.IsCancellationRequested);
        var rejected = Assert.IsType<TimeoutRejectedException>((await call).Exception);
        Assert.Equal(("attempt", s_second), (rejected.DeadlineOwner, rejected.Timeout));
        Assert.Equal((1, 0, 1), (_abandoned.Count, _abandoned.Ended, _abandoned.Running));

        var result = new Disposable();
        callee.SetResult(result);
        Assert.Equal((1, 1, 1, 0), (_abandoned.Count, _abandoned.Ended, _abandoned.Succeeded, _abandoned.Running));
        Assert.Equal(1, result.Disposals);
        AssertNothingIsArmed();
    }

    [Fact]
    public async Task WhenTheCalleeFailsAfterTheDeadline_TheExceptionIsObservedAndCounted()
    {
        var callee = new Callee(heedsToken: false);
        var call = Build<int>(b => b.AddTimeout(Abandoning)).ExecuteOutcomeAsync(callee.Start, Stop);
        _clock.Advance(s_second);
        Assert.IsType<TimeoutRejectedException>((await call).Exception);
        callee.Fail(new IOException());
        Assert.Equal((1, 1, 0), (_abandoned.Count, _abandoned.Ended, _abandoned.Succeeded));
    }

    [Fact]
    public async Task WhenTheCalleeEndsInTime_ItsOutcomeIsTheCalls()
    {
        var pipeline = Build<int>(b => b.AddTimeout(Abandoning));
        for (var i = 0; i < 10; i++)
        {
            var callee = new Callee(heedsToken: false);
            var call = pipeline.ExecuteOutcomeAsync(callee.Start, Stop);
            if (i % 2 == 0)
            {
                callee.Return(i);
                Assert.Equal(i, (await call).ResultOrDefault);
            }
            else
            {
                callee.Fail(new IOException());
                Assert.IsType<IOException>((await call).Exception);
            }
        }

        Assert.Equal(0, _abandoned.Count);
        _clock.Advance(s_second);
        AssertNothingIsArmed();
    }

    [Fact]
    public async Task WhenTheCalleeHeedsItsToken_TheErrorIsTheDeadlines_AndNothingIsLeftRunning()
    {
        var call = Build<int>(b => b.AddTimeout(Abandoning)).ExecuteOutcomeAsync(new Callee().Start, Stop);
        _clock.Advance(s_second);
        Assert.Equal("attempt", Assert.IsType<TimeoutRejectedException>((await call).Exception).DeadlineOwner);
        Assert.Equal(0, _abandoned.Running);
        AssertNothingIsArmed();
    }

    [Fact]
    public async Task WhenARetryStandsOutside_ItTriesAgainAtTheDeadline_WhileTheFirstGoesOn()
    {
        var probe = new Probe();
        var first = new Callee(heedsToken: false);
        var second = new Callee(heedsToken: false);
        var pipeline = Build<int>(b => b.AddRetry(new RetryOptions { MaxRetries = 1, Backoff = Backoff.None }).Add(probe).AddTimeout(Abandoning));
        var starts = 0;
        var call = pipeline.ExecuteAsync(token => starts++ == 0 ? first.Start(token) : second.Start(token), Stop);
        _clock.Advance(s_second);
        Assert.Equal((1, 1), (first.Starts, second.Starts));
        second.Return(2);
        Assert.Equal(2, await call);

        // Off the stack of the call that resumed this test: its thread would put off what the first callee resumes.
        await Task.Yield();
        first.Return(1);
        Assert.Equal([Verdict.Transient, Verdict.Success], probe.Verdicts);
        Assert.Equal((1, 1), (_abandoned.Count, _abandoned.Ended));
    }

    [Fact]
    public async Task WhenAnOuterDeadlineIsNearer_TheCallIsGivenUpThen_AndTheOuterIsNamed()
    {
        var call = Build<int>(b => b.AddTimeout(s_second / 2, "total").AddTimeout(Abandoning))
            .ExecuteOutcomeAsync(new Callee(heedsToken: false).Start, Stop);
        _clock.Advance(s_second / 2);
        Assert.True(call.IsCompleted);
        var rejected = Assert.IsType<TimeoutRejectedException>((await call).Exception);
        Assert.Equal(("total", s_second / 2), (rejected.DeadlineOwner, rejected.Timeout));
        Assert.Equal(1, _abandoned.Running);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenTheCallerCancels_HeGoesOnAtOnce_AndTheCalleeIsCounted(bool hasTimeout)
    {
        var probe = new Probe();
        using var caller = new CancellationTokenSource();
        var options = hasTimeout ? Abandoning : Abandoning with { Generator = static _ => Timeout.InfiniteTimeSpan };
        var callee = new Callee(heedsToken: false);
        var call = Build<int>(b => b.AddRetry().Add(probe).AddTimeout(options)).ExecuteOutcomeAsync(callee.Start, caller.Token);
        caller.Cancel();
        Assert.True(call.IsCompleted);
        Assert.Equal(caller.Token, Assert.IsType<OperationCanceledException>((await call).Exception).CancellationToken);
        Assert.Equal([Verdict.Ignored], probe.Verdicts);
        Assert.Equal(1, _abandoned.Running);
        callee.Return(1);
        Assert.Equal(0, _abandoned.Running);
        _clock.Advance(s_second);
        AssertNothingIsArmed();
    }

    [Fact]
    public async Task WhenTheMachineStoodStill_TheTimeoutSaysNothingOfTheDependency()
    {
        var probe = new Probe();
        var call = Build<int>(b => b.Add(probe).AddTimeout(Abandoning)).ExecuteOutcomeAsync(new Callee(heedsToken: false).Start, Stop);
        _clock.Leap(TimeSpan.FromSeconds(10));
        Assert.IsType<TimeoutRejectedException>((await call).Exception);
        Assert.Equal([Verdict.Ignored], probe.Verdicts);
    }

    [Fact]
    public async Task WhenTheResultsDisposalThrows_ItIsCountedAllTheSame()
    {
        var callee = new TaskCompletionSource<Disposable>();
        var call = Build<Disposable>(b => b.AddTimeout(Abandoning)).ExecuteOutcomeAsync(_ => new ValueTask<Disposable>(callee.Task), Stop);
        _clock.Advance(s_second);
        Assert.IsType<TimeoutRejectedException>((await call).Exception);
        callee.SetResult(new Disposable { Failure = new FormatException() });
        Assert.Equal((1, 1), (_abandoned.Ended, _abandoned.Succeeded));
    }

    [Fact]
    public async Task WhenAStrategyInsideHoldsAPermit_ItIsLeftWhenTheCalleeEnds_AndNotBefore()
    {
        var inside = new Probe();
        var callee = new Callee(heedsToken: false);
        var call = Build<int>(b => b.AddTimeout(Abandoning).Add(inside)).ExecuteOutcomeAsync(callee.Start, Stop);
        _clock.Advance(s_second);
        await call;
        Assert.Empty(inside.Verdicts);
        callee.Return(1);
        Assert.Equal([Verdict.Success], inside.Verdicts);
    }

    [Fact]
    public void WhenTheCallIsSynchronous_ItIsRefusedByName()
    {
        var pipeline = Build<int>(b => b.AddTimeout(Abandoning));
        var refused = Assert.Throws<InvalidOperationException>(() => pipeline.Execute(static _ => 1, Stop));
        Assert.Contains("'attempt'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheTimeIsGenerated_ItIsKeptAndTold()
    {
        var options = Abandoning with { Generator = static request => TimeSpan.FromSeconds(request.Attempt + 2) };
        var call = Build<int>(b => b.AddTimeout(options)).ExecuteOutcomeAsync(new Callee(heedsToken: false).Start, Stop);
        _clock.Advance(s_second);
        Assert.False(call.IsCompleted);
        _clock.Advance(s_second);
        Assert.Equal(s_second * 2, Assert.IsType<TimeoutRejectedException>((await call).Exception).Timeout);
    }

    [Fact]
    public async Task WhenTheCallerNamesTheOperation_TheGeneratorIsTold()
    {
        using var context = CallContext.Rent("slow operation");
        var options = Abandoning with { Generator = static request => request.OperationName == "slow operation" ? s_second * 9 : s_second };
        var call = Build<int>(b => b.AddTimeout(options)).ExecuteOutcomeAsync(new Callee(heedsToken: false).Start, context, Stop);
        _clock.Advance(s_second * 8);
        Assert.False(call.IsCompleted);
        _clock.Advance(s_second);
        Assert.Equal(s_second * 9, Assert.IsType<TimeoutRejectedException>((await call).Exception).Timeout);
    }

    [Fact]
    public async Task WhenMoreCallsEndInTimeThanThePoolKeeps_TheRestGiveTheirPlacesBack()
    {
        var pipeline = Build<int>(b => b.AddTimeout(Abandoning));
        var callees = Enumerable.Range(0, 4 * PoolLimits.Retained).Select(_ => new Callee()).ToList();
        var calls = callees.Select(callee => pipeline.ExecuteAsync(callee.Start, Stop)).ToList();
        callees.ForEach(callee => callee.Return(1));
        foreach (var call in calls)
        {
            Assert.Equal(1, await call);
        }

        // The runs and the sources of their deadlines have a pool each; beside it each thread keeps one source.
        Assert.InRange(Clock.For(_clock).Sweeper.Taken, 1, 3 * PoolLimits.Retained);
        Assert.Equal((0, 0), (_abandoned.Count, Clock.For(_clock).Sweeper.Armed));
    }

    [Fact]
    public async Task WhenTheGeneratorThrows_TheCallFails_AndItsObjectIsUsedAgain()
    {
        var options = Abandoning with { Generator = static _ => throw new FormatException() };
        var pipeline = Build<int>(b => b.AddTimeout(options));
        for (var i = 0; i < 10; i++)
        {
            Assert.IsType<FormatException>((await pipeline.ExecuteOutcomeAsync(new Callee().Start, Stop)).Exception);
        }
    }

    [Fact]
    public async Task WhenManyCallsAreAbandoned_AllAreObserved_AndNothingIsLeft()
    {
        const int Calls = 100_000;
        const int AtOnce = 500;
        var pipeline = Build<int>(b => b.AddTimeout(Abandoning));
        var callees = Enumerable.Range(0, AtOnce).Select(_ => new Callee(heedsToken: false)).ToList();
        var calls = new ValueTask<Outcome<int>>[AtOnce];
        for (var i = 0; i < Calls; i += AtOnce)
        {
            for (var j = 0; j < AtOnce; j++)
            {
                calls[j] = pipeline.ExecuteOutcomeAsync(callees[j].Start, Stop);
            }

            _clock.Advance(s_second);
            foreach (var call in calls)
            {
                Assert.IsType<TimeoutRejectedException>((await call).Exception);
            }

            Assert.Equal(AtOnce, _abandoned.Running);
            callees.ForEach(callee => callee.Return(1));
            Assert.Equal(0, _abandoned.Running);
        }

        Assert.Equal((Calls, Calls, Calls), (_abandoned.Count, _abandoned.Ended, _abandoned.Succeeded));
        AssertNothingIsArmed();
        Assert.InRange(Clock.For(_clock).Sweeper.Places, 0, 4 * 512);
    }

    private Pipeline<T> Build<T>(Action<PipelineBuilder<T>> build)
    {
        var builder = new PipelineBuilder<T> { TimeProvider = _clock };
        build(builder);
        return builder.Build();
    }

    private void AssertNothingIsArmed() => Assert.Equal((0, 0), (Clock.For(_clock).Sweeper.Armed, _clock.ActiveTimers));

    private sealed class Disposable : IDisposable
    {
        public int Disposals { get; private set; }

        public Exception? Failure { get; init; }

        public void Dispose()
        {
            Disposals++;
            if (Failure is not null)
            {
                throw Failure;
            }
        }
    }
}
