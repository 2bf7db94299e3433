using Resilience.Tests.Execution;

namespace Resilience.Tests.Hedging;

/// <summary>When attempts are started, and whose outcome is the call's.</summary>
public class HedgingTests : HedgingTestBase
{
    [Fact]
    public async Task WhenTheFirstAttemptEndsAtOnce_NothingIsForked()
    {
        var starts = 0;
        Assert.Equal(1, await Hedged<int>().ExecuteAsync(_ => new ValueTask<int>(++starts), Stop));
        Assert.Equal((1, 0L), (starts, Counters.Hedges));
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhenOneAttemptIsTheMost_NoOtherIsStarted_HoweverItEnds(bool parallel)
    {
        var pipeline = Hedged<int>(attempts: 1, parallel ? HedgeDelay.Parallel : null);
        var starts = new Starts<int>();
        var call = pipeline.ExecuteAsync(starts.Run, Stop);
        Clock.Advance(10 * Second);
        starts[0].Return(7);
        Assert.Equal(7, await call);
        var failed = pipeline.ExecuteOutcomeAsync(starts.Run, Stop);
        starts[1].Fail(new IOException("late"));
        Assert.Equal("late", (await failed).Exception!.Message);
        Assert.Equal("at once", (await pipeline.ExecuteOutcomeAsync(ValueTask<int> (_) => throw new IOException("at once"), Stop)).Exception!.Message);
        Assert.Equal((2, 0L, 0L), (starts.Count, Counters.Hedges, Counters.Refused));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenTheFirstAttemptEndsBeforeTheDelay_NoOtherIsStarted()
    {
        var starts = new Starts<int>();
        var call = Hedged<int>().ExecuteAsync(starts.Run, Stop);
        Clock.Advance(Second - new TimeSpan(1));
        starts[0].Return(7);
        Assert.True(call.IsCompleted);
        Assert.Equal(7, await call);
        Clock.Advance(10 * Second);
        Assert.Equal((1, 0L), (starts.Count, Counters.Hedges));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenTheDelayIsOver_AnotherIsStarted_AndTheFirstOutcomeWins()
    {
        var starts = new Starts<int>();
        var call = Hedged<int>().ExecuteAsync(starts.Run, Stop);
        Clock.Advance(Second - new TimeSpan(1));
        Assert.Equal(1, starts.Count);
        Clock.Advance(new TimeSpan(1));
        Assert.Equal(2, starts.Count);
        starts[1].Return(2);
        Assert.True(call.IsCompleted);
        Assert.Equal(2, await call);
        Assert.True(starts[0].WasCancelled);
        Assert.Equal((1L, 1L, 1L), (Counters.Hedges, Counters.HedgesWon, Counters.Losers));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenTheFirstIsStillFaster_ItWins_AndTheOtherIsCancelled()
    {
        var starts = new Starts<int>();
        var call = Hedged<int>().ExecuteAsync(starts.Run, Stop);
        Clock.Advance(Second);
        starts[0].Return(1);
        Assert.Equal(1, await call);
        Assert.True(starts[1].WasCancelled);
        Assert.Equal((1L, 0L, 1L), (Counters.Hedges, Counters.HedgesWon, Counters.Losers));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenAnAttemptWaitsTwice_TheDelayCountsFromItsStart()
    {
        var starts = new Starts<int>();
        var pipeline = new PipelineBuilder<int> { TimeProvider = Clock }
            .AddHedging(Options()).AddRetry(new RetryOptions { MaxRetries = 1, Backoff = Backoff.None }).Build();
        var call = pipeline.ExecuteAsync(starts.Run, Stop);
        Clock.Advance(Second / 2);
        starts[0].Fail(new ScriptedException("tried again inside"));
        Assert.Equal((2, 0L), (starts.Count, Counters.Hedges));
        Clock.Advance((Second / 2) - new TimeSpan(1));
        Assert.Equal((2, 0L), (starts.Count, Counters.Hedges));
        Clock.Advance(new TimeSpan(1));
        Assert.Equal((3, 1L), (starts.Count, Counters.Hedges));
        starts[2].Return(3);
        Assert.Equal(3, await call);
        Assert.True(starts[1].WasCancelled);
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhenAnAttemptFailsBeforeTheDelay_TheNextHasADelayOfItsOwn_AndItsWinIsCounted(bool ownSources)
    {
        var starts = new Starts<int>();
        var pipeline = new PipelineBuilder<int> { TimeProvider = Clock, Settings = new() { OwnCancellationSourcePerAttempt = ownSources } }
            .AddHedging(Options(3)).Build();
        var call = pipeline.ExecuteAsync(starts.Run, Stop);
        Clock.Advance(Second / 2);
        starts[0].Fail(new ScriptedException("early"));
        Assert.Equal((2, 1L), (starts.Count, Counters.Hedges));
        Assert.Equal(!ownSources, starts[0].Token == starts[1].Token);
        Clock.Advance(Second - new TimeSpan(1));
        Assert.Equal(2, starts.Count);
        Clock.Advance(new TimeSpan(1));
        Assert.Equal(3, starts.Count);
        starts[1].Return(2);
        Assert.True(call.IsCompleted);
        Assert.Equal(2, await call);
        Assert.True(starts[2].WasCancelled);
        Assert.Equal((2L, 1L, 1L), (Counters.Hedges, Counters.HedgesWon, Counters.Losers));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenAnAttemptFailsBeforeTheDelay_AndTheNextEndsBeforeIt_ItsWinIsCounted()
    {
        var starts = new Starts<int>();
        var call = Hedged<int>().ExecuteAsync(starts.Run, Stop);
        starts[0].Fail(new ScriptedException("early"));
        starts[1].Return(2);
        Assert.True(call.IsCompleted);
        Assert.Equal(2, await call);
        Assert.Equal((1L, 1L, 0L), (Counters.Hedges, Counters.HedgesWon, Counters.Losers));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenEachAttemptHasASourceOfItsOwn_AFailureAtOnceIsFollowedToo()
    {
        var tokens = new List<CancellationToken>();
        var pipeline = new PipelineBuilder<int> { TimeProvider = Clock, Settings = new() { OwnCancellationSourcePerAttempt = true } }
            .AddHedging(Options()).Build();
        Assert.Equal(2, await pipeline.ExecuteAsync(
            token =>
            {
                tokens.Add(token);
                return tokens.Count == 1 ? throw new ScriptedException("at once") : new ValueTask<int>(2);
            },
            Stop));
        Assert.NotEqual(tokens[0], tokens[1]);
        Assert.Equal(1L, Counters.Hedges);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenALoserIgnoresItsToken_TheWinnerReturnsAtOnce_AndTheLoserIsCountedAndDisposed()
    {
        var starts = new Starts<Tracked>(heedsTokens: false);
        var call = Hedged<Tracked>().ExecuteAsync(starts.Run, Stop);
        Clock.Advance(Second);
        using var winner = new Tracked("winner");
        starts[1].Return(winner);
        Assert.True(call.IsCompleted);
        Assert.Same(winner, await call);
        Assert.True(starts[0].Token.IsCancellationRequested);
        Assert.Equal(1, Counters.InFlightLosers);
        using var late = new Tracked("late");
        starts[0].Return(late);
        Assert.Equal((1, 0), (late.Disposals, winner.Disposals));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenALoserFailsLate_NobodyHearsOfIt()
    {
        var starts = new Starts<int>(heedsTokens: false);
        var call = Hedged<int>().ExecuteAsync(starts.Run, Stop);
        Clock.Advance(Second);
        starts[1].Return(2);
        Assert.Equal(2, await call);
        starts[0].Fail(new ScriptedException("late"));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenAnAttemptFails_TheNextIsStartedAtOnce()
    {
        var starts = new Starts<int>();
        var call = Hedged<int>().ExecuteAsync(starts.Run, Stop);
        starts[0].Fail(new ScriptedException("first"));
        Assert.Equal(2, starts.Count);
        starts[1].Return(2);
        Assert.Equal(2, await call);
        Clock.Advance(10 * Second);
        Assert.Equal(2, starts.Count);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenAnAttemptFailsAtOnce_TheNextIsStartedAtOnce_InTheSameFrame()
    {
        var starts = 0;
        Assert.Equal(3, await Hedged<int>(3).ExecuteAsync(
            _ => ++starts < 3 ? throw new ScriptedException("at once") : new ValueTask<int>(starts), Stop));
        Assert.Equal(2, Counters.Hedges);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenTheFirstFailsAtOnce_AndTheSecondIsLate_AThirdIsStartedBesideIt()
    {
        var starts = new Starts<int> { OnStart = index => _ = index == 0 ? throw new ScriptedException("at once") : 0 };
        var call = Hedged<int>(3).ExecuteAsync(starts.Run, Stop);
        Assert.Equal(2, starts.Count);
        Clock.Advance(Second);
        Assert.Equal(3, starts.Count);
        starts[2].Return(3);
        Assert.Equal(3, await call);
        Assert.True(starts[1].WasCancelled);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenAllFail_TheLastFailureIsTheCalls()
    {
        var starts = new Starts<int>();
        var call = Hedged<int>(3).ExecuteOutcomeAsync(starts.Run, Stop);
        Clock.Advance(Second);
        starts[1].Fail(new ScriptedException("second"));
        starts[2].Fail(new ScriptedException("third"));
        Assert.False(call.IsCompleted);
        starts[0].Fail(new ScriptedException("first"));
        Assert.Equal("first", (await call).Exception!.Message);
        Assert.Equal(3, starts.Count);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenAFailedResultIsFollowed_ItIsDisposed_AndTheLastIsReturned()
    {
        var starts = new Starts<Tracked>();
        var pipeline = new PipelineBuilder<Tracked> { TimeProvider = Clock }
            .Classify(rules => rules.OnResult(result => result.Name == "bad", Verdict.Transient)).AddHedging(Options(3)).Build();
        var call = pipeline.ExecuteAsync(starts.Run, Stop);
        var results = Enumerable.Range(0, 3).Select(_ => new Tracked("bad")).ToList();
        for (var i = 0; i < 3; i++)
        {
            starts[i].Return(results[i]);
        }

        Assert.Same(results[2], await call);
        Assert.Equal([1, 1, 0], results.Select(result => result.Disposals));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenAnOutcomeIsPermanent_NothingFollows_AndItWins()
    {
        var starts = new Starts<int>();
        var pipeline = new PipelineBuilder<int> { TimeProvider = Clock }
            .Classify(rules => rules.On<ScriptedException>(Verdict.Permanent)).AddHedging(Options(3)).Build();
        var call = pipeline.ExecuteOutcomeAsync(starts.Run, Stop);
        starts[0].Fail(new ScriptedException("permanent"));
        Assert.Equal("permanent", (await call).Exception!.Message);
        Assert.Equal(1, starts.Count);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenAnOutcomeAsksForAWait_NothingFollowsBeforeThat_ButAnAttemptUnderWayMayWin()
    {
        var starts = new Starts<int>();
        var pipeline = new PipelineBuilder<int> { TimeProvider = Clock }
            .Classify(rules => rules.On<ScriptedException>(Verdict.Throttled(10 * Second))).AddHedging(Options(3)).Build();
        var call = pipeline.ExecuteAsync(starts.Run, Stop);
        Clock.Advance(Second);
        starts[0].Fail(new ScriptedException("throttled"));
        Assert.Equal(2, starts.Count);
        starts[1].Return(2);
        Assert.Equal(2, await call);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenTheDelayIsZero_AllAreStartedAsSoonAsTheFirstMustWait()
    {
        var starts = new Starts<int>();
        var call = Hedged<int>(5, HedgeDelay.Parallel).ExecuteAsync(starts.Run, Stop);
        Assert.Equal(5, starts.Count);
        starts[3].Return(3);
        Assert.Equal(3, await call);
        Assert.Equal(4, Enumerable.Range(0, 5).Count(i => starts[i].WasCancelled));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenTheDelayIsZero_AndTheSecondEndsAtOnce_TheCallIsOverAtOnce()
    {
        var first = new TaskCompletionSource<int>();
        var starts = 0;
        var call = Hedged<int>(5, HedgeDelay.Parallel).ExecuteAsync(
            _ => starts++ == 0 ? new ValueTask<int>(first.Task) : new ValueTask<int>(2), Stop);
        Assert.True(call.IsCompleted);
        Assert.Equal((2, 2), (await call, starts));
        Assert.Equal(1, Counters.InFlightLosers);
        first.SetResult(1);
        SpinWait.SpinUntil(() => Counters.InFlightLosers == 0, TimeSpan.FromSeconds(30));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenSequential_NoOtherIsStartedByTime()
    {
        var starts = new Starts<int>();
        var call = Hedged<int>(3, HedgeDelay.Sequential).ExecuteAsync(starts.Run, Stop);
        Clock.Advance(1_000 * Second);
        Assert.Equal((1, 0), (starts.Count, Clock.ActiveTimers));
        starts[0].Fail(new ScriptedException("first"));
        Clock.Advance(1_000 * Second);
        Assert.Equal(2, starts.Count);
        starts[1].Return(2);
        Assert.Equal(2, await call);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenAFailureHasStartedAnAttempt_TheDelayCountsFromThatOne()
    {
        var starts = new Starts<int>();
        var call = Hedged<int>(3).ExecuteAsync(starts.Run, Stop);
        Clock.Advance(Second / 2);
        starts[0].Fail(new ScriptedException("first"));
        Clock.Advance(Second - new TimeSpan(1));
        Assert.Equal(2, starts.Count);
        Clock.Advance(new TimeSpan(1));
        Assert.Equal(3, starts.Count);
        starts[2].Return(3);
        Assert.Equal(3, await call);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenTen_TheyAreStartedADelayApart_AndNoMore()
    {
        var starts = new Starts<int>();
        var call = Hedged<int>(10).ExecuteAsync(starts.Run, Stop);
        for (var i = 1; i <= 10; i++)
        {
            Assert.Equal(i, starts.Count);
            Clock.Advance(Second);
        }

        Assert.Equal((10, 0), (starts.Count, Clock.ActiveTimers));
        starts[9].Return(9);
        Assert.Equal(9, await call);
        Assert.Equal(9, Counters.Losers);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenThereAreOwnActions_AttemptsAfterTheFirstRunThem()
    {
        var actions = new Starts<int>();
        var pipeline = new PipelineBuilder<int> { TimeProvider = Clock }.AddHedging(Options(3), actions.Run).Build();
        var starts = new Starts<int>();
        var call = pipeline.ExecuteAsync(starts.Run, Stop);
        Clock.Advance(2 * Second);
        Assert.Equal((1, 2), (starts.Count, actions.Count));
        Assert.Equal((1, 2), (actions[0].Number, actions[1].Number));
        actions[1].Return(5);
        Assert.Equal(5, await call);
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenThereAreOwnActions_AndTheFirstFailsAtOnce_TheyFollow(bool atOnce)
    {
        var actions = new Starts<int>();
        var inner = new Probe();
        var pipeline = new PipelineBuilder<int> { TimeProvider = Clock }
            .AddHedging(Options(3), context => atOnce ? new ValueTask<int>(context.Attempt) : actions.Run(context)).Add(inner).Build();
        var call = pipeline.ExecuteAsync((CancellationToken _) => throw new ScriptedException("at once"), Stop);
        Assert.Equal(atOnce, call.IsCompleted);
        if (!atOnce)
        {
            Clock.Advance(Second);
            Assert.Equal(2, actions.Count);
            actions[1].Return(1);
        }

        Assert.Equal(1, await call);
        Assert.Equal(inner.Entered, inner.Left);
        AssertNothingIsLeft();
    }
}
