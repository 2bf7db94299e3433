using Resilience.Testing;
using Resilience.Tests.Timeouts;

namespace Resilience.Tests.Retry;

/// <summary>How often and when a retry starts another attempt, and with what a call ends that is not tried again.</summary>
public sealed class RetryStrategyTests : FreshStack
{
    private static readonly TimeSpan s_tick = new(1);
    private readonly ManualClock _clock = new();
    private readonly Callee _callee = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task WhenEveryAttemptFails_MaxRetriesCountsTheExtraOnes_AndTheLastFailureIsTheOutcome(int retries)
    {
        var starts = 0;
        var outcome = await Build(new RetryOptions { MaxRetries = retries, Backoff = Backoff.None }).ExecuteOutcomeAsync(
            ValueTask<int> (_) => throw new InvalidOperationException($"{starts++}"), Stop);
        Assert.Equal(retries + 1, starts);
        Assert.Equal($"{retries}", outcome.Exception!.Message);
    }

    [Fact]
    public async Task WhenTheScheduleIsExplicit_EachAttemptStartsExactlyWhenDue()
    {
        var backoff = Backoff.Schedule(Milliseconds(50), Milliseconds(200), Milliseconds(800));
        var call = Build(new RetryOptions { MaxRetries = 3, Backoff = backoff }).ExecuteOutcomeAsync(_callee.Start, Stop);
        foreach (var (delay, starts) in new[] { (50, 2), (200, 3), (800, 4) })
        {
            _callee.Fail(new IOException());
            _clock.Advance(Milliseconds(delay) - s_tick);
            Assert.Equal(starts - 1, _callee.Starts);
            _clock.Advance(s_tick);
            Assert.Equal(starts, _callee.Starts);
        }

        _callee.Fail(new IOException());
        Assert.True(call.IsCompleted);
        Assert.IsType<IOException>((await call).Exception);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public async Task WhenTheOutcomeNamesAWait_TheNextAttemptIsNeverEarlier_AndALongerBackoffStands()
    {
        foreach (var (asked, backoff, due) in new[] { (3, 1, 3), (3, 5, 5), (0, 1, 1), (3, 3, 3) })
        {
            var pipeline = new PipelineBuilder<int> { TimeProvider = _clock }
                .Classify(rules => rules.OnResult(r => r == 429, Verdict.Throttled(TimeSpan.FromSeconds(asked))))
                .AddRetry(new RetryOptions { Backoff = Backoff.Constant(TimeSpan.FromSeconds(backoff)) })
                .Build();
            var callee = new Callee();
            var call = pipeline.ExecuteAsync(callee.Start, Stop);
            callee.Return(429);
            _clock.Advance(TimeSpan.FromSeconds(due) - s_tick);
            Assert.Equal(1, callee.Starts);
            _clock.Advance(s_tick);
            Assert.Equal(2, callee.Starts);
            callee.Return(200);
            Assert.Equal(200, await call);
        }
    }

    [Theory]
    [InlineData(30, 31, 0)]
    [InlineData(30, 30, 1)]
    [InlineData(0, 0, 1)]
    [InlineData(0, 1, 0)]
    public void WhenTheOutcomeAsksForMoreThanTheLimit_ItIsNotTriedAgain_AndTheWaitIsNeverShortened(int most, int asked, int waits)
    {
        var starts = 0;
        var pipeline = new PipelineBuilder<int> { TimeProvider = _clock }
            .Classify(rules => rules.OnResult(_ => true, Verdict.Throttled(TimeSpan.FromSeconds(asked))))
            .AddRetry(new RetryOptions { MaxRetries = 1, MaxRetryAfter = TimeSpan.FromSeconds(most), Backoff = Backoff.None })
            .Build();
        var call = pipeline.ExecuteAsync(
            _ =>
            {
                starts++;
                return new ValueTask<int>(503);
            },
            Stop);
        Assert.Equal(asked == 0 || waits == 0, call.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(asked));
        Assert.True(call.IsCompleted);
        Assert.Equal(1 + waits, starts);
    }

    [Theory]
    [InlineData(9, true)]
    [InlineData(10, false)]
    [InlineData(11, false)]
    public async Task WhenTheDeadlineLeavesNoTimeForTheWait_TheLastOutcomeGoesOnAtOnce(int wait, bool again)
    {
        var pipeline = Builder().AddTimeout(TimeSpan.FromSeconds(10))
            .AddRetry(new RetryOptions { MaxRetries = 1, Backoff = Backoff.Constant(TimeSpan.FromSeconds(wait)) }).Build();
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        _callee.Fail(new FormatException());
        Assert.Equal(again, !call.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(wait));
        Assert.Equal(again ? 2 : 1, _callee.Starts);
        if (again)
        {
            _callee.Fail(new FormatException());
        }

        Assert.IsType<FormatException>((await call).Exception);
    }

    [Fact]
    public async Task WhenTheOutcomesWaitExceedsTheDeadline_ItIsReturnedAtOnce()
    {
        var pipeline = Builder().Classify(rules => rules.OnResult(r => r == 429, Verdict.Throttled(TimeSpan.FromSeconds(11))))
            .AddTimeout(TimeSpan.FromSeconds(10)).AddRetry(new RetryOptions { Backoff = Backoff.None }).Build();
        Assert.Equal(429, await pipeline.ExecuteAsync(_ => new ValueTask<int>(429), Stop));
    }

    [Theory]
    [InlineData(Again.No, 1)]
    [InlineData(Again.Yes, 4)]
    public async Task WhenTheVerdictSaysSo_AndOnlyThen_ItIsTriedAgain_WhateverTheHealth(Again again, int expected)
    {
        foreach (var health in Enum.GetValues<Health>())
        {
            var starts = 0;
            var pipeline = Builder().Classify(rules => rules.OnResult(_ => true, new Verdict(health, again)))
                .AddRetry(new RetryOptions { Backoff = Backoff.None }).Build();
            await pipeline.ExecuteAsync(_ => new ValueTask<int>(starts++), Stop);
            Assert.Equal(expected, starts);
        }
    }

    [Fact]
    public async Task WhenTheRetryHasItsOwnClassifier_ItGoesByThatAlone()
    {
        var probe = new Probe();
        var starts = 0;
        var pipeline = Builder().Add(probe)
            .AddRetry(new RetryOptions { Backoff = Backoff.None }, new OutcomeRules<int>().OnResult(r => r < 2, Verdict.Transient)).Build();
        Assert.Equal(2, await pipeline.ExecuteAsync(_ => new ValueTask<int>(starts++), Stop));
        Assert.Equal([Verdict.Success], probe.Verdicts);
    }

    [Fact]
    public async Task WhenTheCallerCancelsDuringTheBackoff_TheCallEndsAtOnce_AndSaysNothingOfTheDependency()
    {
        using var caller = new CancellationTokenSource();
        var probe = new Probe();
        var pipeline = Builder().Add(probe).AddRetry(new RetryOptions { Backoff = Backoff.Constant(TimeSpan.FromHours(1)) }).Build();
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, caller.Token);
        _callee.Fail(new IOException());
        Assert.False(call.IsCompleted);
        await caller.CancelAsync();
        Assert.True(call.IsCompleted);
        Assert.Equal(caller.Token, Assert.IsType<OperationCanceledException>((await call).Exception).CancellationToken);
        Assert.Equal(1, _callee.Starts);
        Assert.Equal([Verdict.Ignored], probe.Verdicts);
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal((1, 0, 0), (_callee.Starts, _clock.ActiveTimers, Clock.For(_clock).Sweeper.Armed));
    }

    [Fact]
    public async Task WhenTheCallerHasCancelled_AFailingResultIsNotTriedAgain_AndGoesOnAtOnce()
    {
        using var caller = new CancellationTokenSource();
        var hooks = 0;
        var pipeline = Builder().Classify(rules => rules.OnResult(_ => true, Verdict.Transient))
            .AddRetry(new RetryOptions { OnRetry = _ => new ValueTask(Task.FromResult(hooks++)) }).Build();
        var call = pipeline.ExecuteOutcomeAsync(new Callee(heedsToken: false).Start, caller.Token);
        Assert.False(call.IsCompleted);
        var starts = 0;
        var outcome = await pipeline.ExecuteOutcomeAsync(
            _ =>
            {
                starts++;
                caller.Cancel();
                return new ValueTask<int>(503);
            },
            caller.Token);
        Assert.Equal((503, 1, 0), (outcome.GetResult(), starts, hooks));
    }

    [Fact]
    public void WhenTheCallIsSynchronous_TheThreadBlocksForEachWait()
    {
        var starts = 0;
        var result = 0;
        var pipeline = Build(new RetryOptions { MaxRetries = 2, Backoff = Backoff.Constant(TimeSpan.FromSeconds(1)) });
        var thread = new Thread(() => result = pipeline.Execute(_ => starts++ < 2 ? throw new IOException() : 7, CancellationToken.None));
        thread.Start();
        for (var i = 1; i <= 2; i++)
        {
            SpinWait.SpinUntil(() => _clock.ActiveTimers == 1);
            Assert.Equal(i, Volatile.Read(ref starts));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        thread.Join();
        Assert.Equal((7, 3), (result, starts));
    }

    [Fact]
    public void WhenTheCallerCancelsABlockingWait_TheCallEndsAtOnce()
    {
        using var caller = new CancellationTokenSource();
        Exception? thrown = null;
        var pipeline = Build(new RetryOptions { Backoff = Backoff.Constant(TimeSpan.FromHours(1)) });
        var thread = new Thread(() => thrown = Record.Exception(() => pipeline.Execute(Throw, caller.Token)));
        thread.Start();
        SpinWait.SpinUntil(() => _clock.ActiveTimers == 1);
        caller.Cancel();
        thread.Join();
        Assert.IsType<OperationCanceledException>(thrown);
        Assert.Equal((0, 0), (Clock.For(_clock).Sweeper.Armed, Clock.For(_clock).Sweeper.Taken));

        static int Throw(CancellationToken token) => throw new IOException();
    }

    private static TimeSpan Milliseconds(int value) => TimeSpan.FromMilliseconds(value);

    private PipelineBuilder<int> Builder() => new() { TimeProvider = _clock };

    private Pipeline<int> Build(RetryOptions options) => Builder().AddRetry(options).Build();
}
