using Resilience.Tests.Execution;

namespace Resilience.Tests.Hedging;

/// <summary>Attempts that end in odd ways, on either side of their subscription, and what runs at their end.</summary>
public class HedgingEndsTests : HedgingTestBase
{
    private static readonly AsyncLocal<string?> s_flow = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task WhenAnAttemptEndsInsideItsSubscription_ItWinsAtOnce_AndNoOtherIsLeft(int index)
    {
        var ends = new ManualSource<int>();
        ends.OnSubscribed = () => ends.Complete(7);
        var others = new Starts<int>();
        var starts = 0;
        var call = Hedged<int>(2, HedgeDelay.Parallel).ExecuteAsync(token => starts++ == index ? ends.Task : others.Run(token), Stop);
        Assert.True(call.IsCompleted);
        Assert.Equal(7, await call);
        Assert.Equal(index == 0 ? (1, 0) : (2, 1), (starts, others.Count));
        Assert.True(others.Count == 0 || others[0].WasCancelled);
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task WhenATaskTakesNoContinuation_ThatIsHowTheAttemptEnds(int index)
    {
        var odd = new OddSource(OddSource.Way.Refuses);
        var others = new Starts<int>(heedsTokens: false);
        var starts = 0;
        var call = Hedged<int>(2, HedgeDelay.Parallel).ExecuteOutcomeAsync(token => starts++ == index ? odd.Task : others.Run(token), Stop);
        Assert.False(call.IsCompleted);
        others[0].Fail(new IOException("the other"));
        Assert.Equal("the other", (await call).Exception!.Message);
        Assert.Equal((2, 0), (starts, odd.Reads));
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task WhenATaskCallsTheContinuationAndFails_ItHasEnded(int index)
    {
        var odd = new OddSource(OddSource.Way.AnswersAndRefuses);
        var others = new Starts<int>();
        var starts = 0;
        var call = Hedged<int>(2, HedgeDelay.Parallel).ExecuteOutcomeAsync(token => starts++ == index ? odd.Task : others.Run(token), Stop);
        Assert.True(call.IsCompleted);
        Assert.Equal(7, (await call).GetResult());
        Assert.Equal(1, odd.Reads);
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task WhenATaskAnswersTwice_ItIsHeardOnce(int index)
    {
        var odd = new OddSource(OddSource.Way.AnswersTwice);
        var others = new Starts<int>();
        var starts = 0;
        var call = Hedged<int>(2, HedgeDelay.Parallel).ExecuteAsync(token => starts++ == index ? odd.Task : others.Run(token), Stop);
        odd.Answer();
        Assert.Equal(7, await call);
        Assert.Equal((1, true, 1L), (odd.Reads, others[0].WasCancelled, Counters.Losers));
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhenAnAttemptEndsOnAnotherThread_TheClassifierRunsInTheFlowOfTheCall(bool fails)
    {
        var seen = new List<string?>();
        var pipeline = Innermost(new PipelineBuilder<int> { TimeProvider = Clock }
            .Classify(rules => rules
                .OnResult(_ => See(seen), Verdict.Transient)
                .On<IOException>(_ => See(seen), Verdict.Transient))
            .AddHedging(Options(2, HedgeDelay.Parallel))).Build();
        var starts = new Starts<int>(heedsTokens: false);
        s_flow.Value = "the call's";
        var call = pipeline.ExecuteOutcomeAsync(starts.Run, Stop);
        s_flow.Value = "the caller's, later";
        var other = new Thread(() =>
        {
            s_flow.Value = "another thread's";
            End(starts[1], fails);
            End(starts[0], fails);
            Assert.Equal("another thread's", s_flow.Value);
        });
        other.Start();
        await Task.Run(other.Join, Stop);
        await call;
        Assert.NotEmpty(seen);
        Assert.All(seen, value => Assert.Equal("the call's", value));
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhenTheClassifierThrows_ThatIsHowTheAttemptEnds_AndItWins(bool atOnce)
    {
        var pipeline = Innermost(new PipelineBuilder<int> { TimeProvider = Clock }
            .Classify(rules => rules.OnResult(_ => throw new ScriptedException("classifier"), Verdict.Transient))
            .AddHedging(Options(2, HedgeDelay.Parallel))).Build();
        var starts = new Starts<int>();
        var number = 0;
        var call = pipeline.ExecuteOutcomeAsync(token => number++ == 1 && atOnce ? new ValueTask<int>(7) : starts.Run(token), Stop);
        if (!atOnce)
        {
            starts[1].Return(7);
        }

        Assert.Equal("classifier", (await call).Exception!.Message);
        Assert.True(starts[0].WasCancelled);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenTheDeadlineOutsidePasses_BothAttemptsAreCancelled_AndItsOwnerIsNamed()
    {
        var pipeline = Innermost(new PipelineBuilder<int> { TimeProvider = Clock }
            .AddTimeout(new TimeoutOptions { Name = "total", Timeout = 3 * Second })
            .AddHedging(Options(2, HedgeDelay.Parallel))).Build();
        var starts = new Starts<int>();
        var call = pipeline.ExecuteOutcomeAsync(starts.Run, Stop);
        Assert.Equal(2, starts.Count);
        Clock.Advance(3 * Second);
        var outcome = await call;
        Assert.True(starts[0].WasCancelled && starts[1].WasCancelled);
        Assert.Equal("total", Assert.IsType<TimeoutRejectedException>(outcome.Exception).DeadlineOwner);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenARetryOutsideAsksForAnotherRound_BothAttemptsAreStartedAnew()
    {
        var pipeline = Innermost(new PipelineBuilder<int> { TimeProvider = Clock }
            .AddRetry(new RetryOptions { Backoff = Backoff.None })
            .AddHedging(Options(2, HedgeDelay.Parallel))).Build();
        var starts = new Starts<int>();
        var call = pipeline.ExecuteAsync(starts.Run, Stop);
        starts[0].Fail(new IOException("first"));
        starts[1].Fail(new IOException("second"));
        Assert.Equal(4, starts.Count);
        starts[2].Return(7);
        Assert.Equal(7, await call);
        Assert.True(starts[3].WasCancelled);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenAStrategyWithAnActionStandsInAPipelineOfAnotherType_TheCallbackIsRun()
    {
        var typed = new PipelineBuilder<string> { TimeProvider = Clock }
            .AddHedging(Options(2, HedgeDelay.Parallel), static _ => new ValueTask<string>("own")).Build();
        var pipeline = Innermost(new PipelineBuilder<int> { TimeProvider = Clock }.Add(typed.Strategies[0])).Build();
        var starts = new Starts<int>();
        var call = pipeline.ExecuteAsync(starts.Run, Stop);
        starts[1].Return(7);
        Assert.Equal(7, await call);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenTheCallerHasCancelledWhileTheFirstStarted_NoOtherIsStarted()
    {
        using var caller = new CancellationTokenSource();
        var starts = new Starts<int>(heedsTokens: false) { OnStart = _ => caller.Cancel() };
        var call = Hedged<int>(2, HedgeDelay.Parallel).ExecuteOutcomeAsync(starts.Run, caller.Token);
        Assert.Equal(1, starts.Count);
        starts[0].Fail(new OperationCanceledException(starts[0].Token));
        Assert.Equal(caller.Token, Assert.IsType<OperationCanceledException>((await call).Exception).CancellationToken);
        AssertNothingIsLeft();
    }

    [Fact]
    public void WhenTheFlowIsSuppressed_TheRaceRunsAllTheSame()
    {
        var starts = new Starts<int>();
        ValueTask<int> call;
        using (ExecutionContext.SuppressFlow())
        {
            call = Hedged<int>(2, HedgeDelay.Parallel).ExecuteAsync(starts.Run, CancellationToken.None);
            Assert.True(ExecutionContext.IsFlowSuppressed());
        }

        starts[1].Return(2);
        Assert.True(call.IsCompleted);
        Assert.Equal(2, call.GetAwaiter().GetResult());
        Assert.True(starts[0].WasCancelled);
        AssertNothingIsLeft();
    }

    private static bool See(List<string?> seen)
    {
        lock (seen)
        {
            seen.Add(s_flow.Value);
        }

        return true;
    }

    private static void End(Start<int> start, bool fails)
    {
        if (fails)
        {
            start.Fail(new IOException("late"));
        }
        else
        {
            start.Return(7);
        }
    }
}
