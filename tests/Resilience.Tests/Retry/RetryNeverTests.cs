using Resilience.Testing;
using Resilience.Tests.Timeouts;

namespace Resilience.Tests.Retry;

/// <summary>What a retry must never do.</summary>
public sealed class RetryNeverTests : FreshStack
{
    private static readonly RetryOptions s_immediate = new() { Backoff = Backoff.None };
    private readonly ManualClock _clock = new();
    private readonly Callee _callee = new();
    private int _starts;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhenTheCallerCancels_NoAttemptFollows_WhateverTheClassifierSays(bool suspends)
    {
        using var caller = new CancellationTokenSource();
        var pipeline = Builder().Classify(rules => rules.Otherwise(Verdict.Transient)).AddRetry(s_immediate).Build();
        var outcome = await pipeline.ExecuteOutcomeAsync(
            async ValueTask<int> (token) =>
            {
                _starts++;
                if (suspends)
                {
                    await Task.Yield();
                }

                await caller.CancelAsync();
                throw new IOException();
            },
            caller.Token);
        Assert.True(outcome.Exception is IOException or OperationCanceledException);
        Assert.Equal(1, _starts);
    }

    [Fact]
    public async Task WhenWaitsWouldReachBeyondTheDeadline_TheCallNeverSleepsPastIt()
    {
        var pipeline = Builder().AddTimeout(TimeSpan.FromSeconds(10))
            .AddRetry(new RetryOptions { MaxRetries = 100, Backoff = Backoff.Linear(TimeSpan.FromSeconds(1)) }).Build();
        var call = pipeline.ExecuteOutcomeAsync(_ => Fail(), Stop);
        for (var i = 0; i < 10 && !call.IsCompleted; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        // 1 + 2 + 3 s; the next wait of 4 s would end with the deadline itself.
        Assert.True(call.IsCompleted);
        Assert.IsType<IOException>((await call).Exception);
        Assert.Equal((4, 0), (_starts, Clock.For(_clock).Sweeper.Armed));
    }

    [Fact]
    public async Task WhenCallsAreRetriedTimedOutAndCancelled_NoSourceTimerOrBudgetIsLeftBehind()
    {
        var budget = new InFlightBudget();
        var pipeline = Builder().AddTimeout(TimeSpan.FromSeconds(30))
            .AddRetry(new RetryOptions { Backoff = Backoff.Constant(TimeSpan.FromSeconds(1)), Budget = budget })
            .AddTimeout(TimeSpan.FromSeconds(5)).Build();
        for (var i = 0; i < 300; i++)
        {
            using var caller = new CancellationTokenSource();
            var callee = new Callee();
            var call = pipeline.ExecuteOutcomeAsync(callee.Start, caller.Token);
            switch (i % 3)
            {
                case 0:
                    callee.Fail(new IOException());
                    _clock.Advance(TimeSpan.FromSeconds(1));
                    callee.Return(1);
                    break;
                case 1:
                    callee.Fail(new IOException());
                    await caller.CancelAsync();
                    break;
                default:
                    _clock.Advance(TimeSpan.FromSeconds(60));
                    break;
            }

            Assert.True(call.IsCompleted);
            await call;
        }

        Assert.Equal((0, 0, 0, 0), (_clock.ActiveTimers, Clock.For(_clock).Sweeper.Armed, budget.Calls, budget.Retries));
    }

    [Fact]
    public async Task WhenABudgetIsSpent_WorkUnderWayIsNotEnded_AndFirstAttemptsAreNotRefused()
    {
        var pipeline = Builder().AddRetry(s_immediate with { Budget = new Ledger(0) }).Build();
        var pending = pipeline.ExecuteAsync(_callee.Start, Stop);
        await pipeline.ExecuteOutcomeAsync(_ => Fail(), Stop);
        await pipeline.ExecuteOutcomeAsync(_ => Fail(), Stop);
        Assert.Equal(2, _starts);
        _callee.Return(7);
        Assert.Equal(7, await pending);
    }

    [Fact]
    public async Task WhenCallsAreFew_TheBudgetsMinimumIsNotIgnored()
    {
        var budget = new LeakyBucketBudget(new() { RetryRatio = 0, MinimumPerSecond = 2, TimeToLive = TimeSpan.FromSeconds(1) }, _clock);
        var pipeline = Builder().AddRetry(s_immediate with { MaxRetries = 1, Budget = budget }).Build();
        for (var second = 0; second < 10; second++)
        {
            _starts = 0;
            for (var i = 0; i < 4; i++)
            {
                await pipeline.ExecuteOutcomeAsync(_ => Fail(), Stop);
            }

            Assert.Equal(4 + 2, _starts);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task WhenStrategiesStandInsideAndOutside_TheyNeverSeeDifferentAttemptNumbers()
    {
        var seen = new List<(int Outer, int Inner, int Callback)>();
        var (outer, inner) = (-1, -1);
        var pipeline = Builder()
            .AddRetry(s_immediate)
            .Add(Watching(n => outer = n))
            .Add(new Execution.Around<int>(part => part.ExecuteAsync()))
            .Add(Watching(n => inner = n))
            .Build();
        await pipeline.ExecuteOutcomeAsync(
            (CallContext context) =>
            {
                seen.Add((outer, inner, context.Attempt));
                return Fail();
            },
            null,
            Stop);
        Assert.Equal(Enumerable.Range(0, 4).Select(n => (n, n, n)), seen);
    }

    [Fact]
    public async Task WhenAnOutcomeSaysNeverAgain_ItIsNotTriedAgain_WhateverTheOptions()
    {
        foreach (var never in new[] { Verdict.Throttled(Timeout.InfiniteTimeSpan), Verdict.Transient.WithRetryAfter(Timeout.InfiniteTimeSpan) })
        {
            Assert.Equal(Again.No, never.Again);
            _starts = 0;
            await Builder().Classify(rules => rules.Otherwise(never)).AddRetry(s_immediate with { RetryRejections = true, MaxRetryAfter = TimeSpan.MaxValue })
                .Build().ExecuteOutcomeAsync(_ => Fail(), Stop);
            Assert.Equal(1, _starts);
        }
    }

    [Fact]
    public async Task WhenAnAttemptForbidsAnother_TheRetrysOwnClassifierDoesNotOverrideIt()
    {
        var pipeline = Builder().AddRetry(s_immediate, new OutcomeRules<int>().Otherwise(Verdict.Transient)).Build();
        await pipeline.ExecuteOutcomeAsync(
            (CallContext context) =>
            {
                context.ForbidAgain();
                return Fail();
            },
            null,
            Stop);
        Assert.Equal(1, _starts);
    }

    [Fact]
    public async Task WhenAnExceptionEndsTheCall_ItIsTheVeryOneThatTheCallbackThrew()
    {
        var thrown = new IOException();
        var pipeline = Builder().AddRetry(s_immediate with { Budget = new Ledger() }).Build();
        Assert.Same(thrown, (await pipeline.ExecuteOutcomeAsync(ValueTask<int> (_) => throw thrown, Stop)).Exception);
        Assert.Same(thrown, await Assert.ThrowsAsync<IOException>(async () => await pipeline.ExecuteAsync(ValueTask<int> (_) => throw thrown, Stop)));
    }

    [Fact]
    public async Task WhenAPartOfACallIsRunAfterItsDeadline_ItsCallbackIsNotStarted_AndTheOwnerIsNamed()
    {
        var pipeline = Builder().AddTimeout(TimeSpan.FromSeconds(10), "total").Add(new Execution.Around<int>(inner =>
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            return inner.ExecuteAsync();
        })).Build();
        var outcome = await pipeline.ExecuteOutcomeAsync(_ => Fail(), Stop);
        Assert.Equal(("total", 0), (Assert.IsType<TimeoutRejectedException>(outcome.Exception).DeadlineOwner, _starts));
        using var context = CallContext.Rent("mine", TimeSpan.FromSeconds(1));
        outcome = await pipeline.ExecuteOutcomeAsync((CallContext _) => Fail(), context, Stop);
        Assert.Equal(("caller", 0), (Assert.IsType<TimeoutRejectedException>(outcome.Exception).DeadlineOwner, _starts));
    }

    private static Execution.Probe Watching(Action<int> see) => new()
    {
        Enters = (ref CallFrame frame, ref Slot _) =>
        {
            see(frame.Attempt);
            return Entry.Go;
        },
    };

    private ValueTask<int> Fail()
    {
        _starts++;
        throw new IOException();
    }

    private PipelineBuilder<int> Builder() => new() { TimeProvider = _clock };
}
