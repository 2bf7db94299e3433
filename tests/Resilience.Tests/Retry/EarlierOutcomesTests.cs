using Resilience.Testing;
using Resilience.Tests.Timeouts;

namespace Resilience.Tests.Retry;

/// <summary>What the context tells of the attempts before, of the reason for this one, and of why there is no other.</summary>
public sealed class EarlierOutcomesTests : FreshStack
{
    private readonly ManualClock _clock = new();
    private readonly Callee _callee = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenRetriesAreExhausted_TheEarlierOutcomesAreInTheContext_AndTheLastIsTheCalls()
    {
        using var context = CallContext.Rent();
        var outcome = await Numbered(new RetryOptions { Backoff = Backoff.None, KeptOutcomes = 10 }, context);
        Assert.Equal("3", outcome.Exception!.Message);
        Assert.Equal(["0", "1", "2"], context.EarlierOutcomes.Select(o => o.Exception!.Message));
        Assert.Equal([0, 1, 2], context.EarlierOutcomes.Select(o => o.Attempt));
        Assert.All(context.EarlierOutcomes, o => Assert.Equal((Verdict.Transient, null), (o.Verdict, o.Rejection)));
        Assert.Equal(GiveUpReason.RetriesSpent, context.GaveUp);
    }

    [Fact]
    public async Task WhenThereAreMoreThanAreKept_TheLatestAreKept()
    {
        using var context = CallContext.Rent();
        await Numbered(new RetryOptions { MaxRetries = 9, Backoff = Backoff.None, KeptOutcomes = 2 }, context);
        Assert.Equal(["7", "8"], context.EarlierOutcomes.Select(o => o.Exception!.Message));
    }

    [Fact]
    public async Task WhenNotAskedFor_NothingIsKept()
    {
        using var context = CallContext.Rent();
        await Numbered(new RetryOptions { Backoff = Backoff.None }, context);
        Assert.Empty(context.EarlierOutcomes);
    }

    [Fact]
    public async Task WhenAContextServesAnotherCall_ItForgetsTheOneBefore()
    {
        using var context = CallContext.Rent();
        var options = new RetryOptions { Backoff = Backoff.None, KeptOutcomes = 10 };
        await Numbered(options, context);
        await Build(options).ExecuteAsync((CallContext _) => new ValueTask<int>(1), context, Stop);
        Assert.Empty(context.EarlierOutcomes);
        Assert.Equal((GiveUpReason.None, AttemptReason.First, 0), (context.GaveUp, context.Reason, context.Attempt));
    }

    [Fact]
    public async Task WhenRetriesAreNestedAcrossAWrap_AllTheirDiscardedOutcomesAreKept_InOrder()
    {
        using var context = CallContext.Rent();
        var starts = 0;
        var options = new RetryOptions { MaxRetries = 1, Backoff = Backoff.None, KeptOutcomes = 10 };
        var pipeline = new PipelineBuilder<int>().AddRetry(options).Add(new Execution.Around<int>(inner => inner.ExecuteAsync())).AddRetry(options).Build();
        await pipeline.ExecuteOutcomeAsync((CallContext _) => throw new InvalidOperationException($"{starts++}"), context, Stop);
        Assert.Equal(["0", "1", "2"], context.EarlierOutcomes.Select(o => o.Exception!.Message));
    }

    [Fact]
    public async Task WhenAnAttemptFollowsAnother_ItsReasonIsHowThatEnded()
    {
        var reasons = new List<AttemptReason>();
        var refuses = false;
        var pipeline = new PipelineBuilder<int> { TimeProvider = _clock }
            .Classify(rules => rules.OnResult(r => r < 0, Verdict.Transient))
            .AddRetry(new RetryOptions { MaxRetries = 9, Backoff = Backoff.None, RetryRejections = true })
            .Add(new Execution.Probe
            {
                Enters = (ref CallFrame frame, ref Slot _) =>
                {
                    Assert.Equal(frame.Context.Reason, frame.Reason);
                    reasons.Add(frame.Reason);
                    return refuses && (refuses = false) == false ? frame.Refuse(new Probe(), RejectionReason.LimitReached) : Entry.Go;
                },
            })
            .AddTimeout(TimeSpan.FromSeconds(1))
            .Build();
        var call = pipeline.ExecuteAsync(_callee.Start, Stop);
        _callee.Return(-1);
        _callee.Fail(new IOException());
        _clock.Advance(TimeSpan.FromSeconds(1));
        refuses = true;
        _callee.Fail(new TimeoutException());
        _callee.Return(7);
        Assert.Equal(7, await call);
        Assert.Equal(
            [
                AttemptReason.First, AttemptReason.Result, AttemptReason.Exception, AttemptReason.Timeout, AttemptReason.Timeout,
                AttemptReason.Rejection,
            ],
            reasons);
    }

    [Fact]
    public async Task WhenTheRetryGivesUp_TheReasonIsToldToTheHookAndTheContext()
    {
        using var caller = new CancellationTokenSource();
        var cases = new (GiveUpReason Reason, RetryOptions Options, Func<CancellationToken, ValueTask<int>> Callback)[]
        {
            (GiveUpReason.RetriesSpent, new() { MaxRetries = 1 }, _ => throw new IOException()),
            (GiveUpReason.BudgetSpent, new() { Budget = new Ledger(0) }, _ => throw new IOException()),
            (GiveUpReason.NoTimeLeft, new() { Backoff = Backoff.Constant(TimeSpan.FromSeconds(11)) }, _ => throw new IOException()),
            (GiveUpReason.RetryAfterTooLong, new() { MaxRetryAfter = TimeSpan.FromSeconds(4) }, _ => new(429)),
            (GiveUpReason.Rejected, new(), _ => new(-1)),
            (GiveUpReason.Cancelled, new(), _ =>
            {
                caller.Cancel();
                return new(429);
            }),
        };
        foreach (var (reason, options, callback) in cases)
        {
            var told = new List<RetryGiveUp>();
            using var context = CallContext.Rent();
            var pipeline = new PipelineBuilder<int> { TimeProvider = _clock }
                .Classify(rules => rules.OnResult(r => r == 429, Verdict.Throttled(TimeSpan.FromSeconds(5))))
                .AddTimeout(TimeSpan.FromSeconds(10))
                .AddRetry((options.Backoff.Jitter == Jitter.Full ? options with { Backoff = Backoff.None } : options) with { OnGiveUp = told.Add })
                .Add(new Execution.Probe
                {
                    Enters = (ref CallFrame frame, ref Slot _) =>
                        reason == GiveUpReason.Rejected ? frame.Refuse(new Probe(), RejectionReason.LimitReached) : Entry.Go,
                })
                .Build();
            await pipeline.ExecuteOutcomeAsync((CallContext c) => callback(c.CancellationToken), context, caller.Token);
            Assert.Equal((reason, reason), (context.GaveUp, Assert.Single(told).Reason));
            Assert.Equal(reason == GiveUpReason.Rejected, told[0].Rejection is not null);
            Assert.Equal(reason == GiveUpReason.RetriesSpent ? 1 : 0, told[0].Attempt);
            Assert.NotEqual(Again.No, told[0].Verdict.Again);
            Assert.Same(context, told[0].Context);
            Assert.Equal(reason is GiveUpReason.RetriesSpent or GiveUpReason.BudgetSpent or GiveUpReason.NoTimeLeft, told[0].Exception is IOException);
        }
    }

    [Theory]
    [InlineData(3, 6, true)]
    [InlineData(3, 8, false)]
    public async Task WhenTheDeadlineLeavesLessThanTheWaitAndTheUsualTime_ThereIsNoRetry(int wait, int usual, bool again)
    {
        var tracker = new CountPercentileTracker(128);
        tracker.Record(TimeSpan.FromSeconds(usual));
        var pipeline = new PipelineBuilder<int> { TimeProvider = _clock }.AddTimeout(TimeSpan.FromSeconds(10))
            .AddRetry(new RetryOptions { Backoff = Backoff.Constant(TimeSpan.FromSeconds(wait)), Latency = tracker }).Build();
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        _callee.Fail(new IOException());
        Assert.Equal(again, !call.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(wait));
        Assert.Equal(again ? 2 : 1, _callee.Starts);
        if (again)
        {
            _callee.Return(0);
        }

        await call;
    }

    [Fact]
    public async Task WhenATrackerOfTheUsersSaysForEver_ThereIsNoRetry_AndTheFlowIsGuarded()
    {
        var tracker = new ForEver();
        var options = new RetryOptions { Backoff = Backoff.Constant(TimeSpan.FromSeconds(1)), Latency = tracker };
        var pipeline = new PipelineBuilder<int> { TimeProvider = _clock }.AddTimeout(TimeSpan.FromDays(365)).AddRetry(options).Build();
        using var context = CallContext.Rent();
        await pipeline.ExecuteOutcomeAsync(static ValueTask<int> (CallContext _) => throw new IOException(), context, Stop);
        Assert.Equal((GiveUpReason.NoTimeLeft, 1), (context.GaveUp, tracker.Asked));
        Assert.True(pipeline.Core.GuardsFlow);
        Assert.False(new PipelineBuilder().AddRetry(options with { Latency = new CountPercentileTracker(128) }).Build().Core.GuardsFlow);
    }

    [Fact]
    public async Task WhenNothingIsKnownOfTheUsualTime_TheWaitAloneCounts()
    {
        var pipeline = new PipelineBuilder<int> { TimeProvider = _clock }.AddTimeout(TimeSpan.FromSeconds(10))
            .AddRetry(new RetryOptions { Backoff = Backoff.Constant(TimeSpan.FromSeconds(9)), Latency = new CountPercentileTracker(128) }).Build();
        var call = pipeline.ExecuteOutcomeAsync(_callee.Start, Stop);
        _callee.Fail(new IOException());
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(2, _callee.Starts);
        _callee.Return(0);
        Assert.Equal(0, (await call).GetResult());
    }

    private async Task<Outcome<int>> Numbered(RetryOptions options, CallContext context)
    {
        var starts = 0;
        return await Build(options).ExecuteOutcomeAsync((CallContext _) => throw new InvalidOperationException($"{starts++}"), context, Stop);
    }

    private Pipeline<int> Build(RetryOptions options) => new PipelineBuilder<int> { TimeProvider = _clock }.AddRetry(options).Build();

    private sealed class ForEver : IPercentileTracker
    {
        public int Asked { get; private set; }

        public void Record(TimeSpan duration)
        {
        }

        public TimeSpan GetPercentile(double quantile)
        {
            Asked++;
            return TimeSpan.MaxValue;
        }

        public WindowReading GetPercentiles(ReadOnlySpan<double> quantiles, Span<TimeSpan> values) => throw new NotSupportedException();

        public LatencySummary GetSummary(ReadOnlySpan<double> quantiles, Span<TimeSpan> values) => throw new NotSupportedException();

        public double GetShareBelow(TimeSpan duration) => throw new NotSupportedException();

        public WindowReading CopyTo(LatencyHistogram target) => throw new NotSupportedException();
    }
}
