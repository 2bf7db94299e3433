namespace Resilience.Rpc.Tests.FanOut;

/// <summary>Runs of each mode, on a manual clock.</summary>
public sealed class FanOutTests
{
    [Fact]
    public async Task WhenAllAnswer_EverySlotHasItsAnswer()
    {
        await Fresh.Stack();
        var desk = new Desk(3).Answers(0, 1).Answers(1, 2).Answers(2, 3);
        using var result = await desk.Run(desk.Make(FanOutMode.All));
        Assert.Equal((FanOutStatus.Complete, FanOutEnd.Decided), (result.Status, result.End));
        Assert.Equal([1, 2, 3], Enumerable.Range(0, 3).Select(i => result[i].Value!.Number));
        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal((SlotState.Answered, 1), (result[i].State, result[i].Attempts)));
        Assert.False(result.HasValue);
        Assert.Throws<InvalidOperationException>(() => result.Value);
    }

    [Fact]
    public async Task WhenEndpointsFail_TheResultSaysHow_AndNothingIsThrown()
    {
        await Fresh.Stack();
        var desk = new Desk(4).Answers(0, 1).Fails(1).Does(2, () => throw new TimeoutException()).Fails(3, new IOException());
        var run = desk.Run(desk.Make(FanOutMode.All, o => o with { MaxRetries = 0 }));
        using var result = await run;
        Assert.Equal(
            [FaultClass.None, FaultClass.Unclassified, FaultClass.Timeout, FaultClass.Network], Enumerable.Range(0, 4).Select(i => result[i].Fault));
        Assert.IsType<FormatException>(result[1].Exception);
        Assert.Equal(SlotState.Failed, result[1].State);
    }

    [Fact]
    public async Task WhenTheDeadlineComes_AllIsIncomplete_EvenIfTheCalleeIgnoresItsToken()
    {
        await Fresh.Stack();
        var desk = new Desk(2).Answers(0, 1).IsDeaf(1);
        var fanOut = desk.Make(FanOutMode.All);
        var run = desk.Run(fanOut);
        Assert.False(run.IsCompleted);
        desk.Clock.Advance(11.Seconds());
        using var result = await run;
        Assert.Equal((FanOutStatus.Incomplete, FanOutEnd.Deadline), (result.Status, result.End));
        Assert.Equal((SlotState.Cancelled, FaultClass.Timeout), (result[1].State, result[1].Fault));
        Assert.Equal(1, desk.Set[1].Breaker.Snapshot.Failures);
        Assert.True(desk.LastOf(1).Token.IsCancellationRequested);
        Assert.Equal(1, fanOut.InFlightLosers);
        var late = desk.LastOf(1).Answer(7);
        Assert.Equal((0, 1), (fanOut.InFlightLosers, late.Disposals));
        Assert.Null(result[1].Value);
    }

    [Fact]
    public async Task WhenOneAnswers_TheOthersAreCancelled_AndCounted()
    {
        await Fresh.Stack();
        var desk = new Desk(3).IsDeaf(2);
        var fanOut = desk.Make(FanOutMode.FirstSuccess);
        var run = desk.Run(fanOut);
        desk.LastOf(1).Answer(5);
        using var result = await run;
        Assert.Equal((FanOutStatus.Answered, 1, 5), (result.Status, result.Winner, result.Value.Number));
        Assert.Equal((FaultClass.LostRace, FaultClass.LostRace), (result[0].Fault, result[2].Fault));
        Assert.Equal(1, fanOut.InFlightLosers);
        desk.LastOf(2).Fail(new IOException());
        Assert.Equal(0, fanOut.InFlightLosers);
        Assert.Equal(0, desk.Set.All.Sum(endpoint => endpoint.InFlight));
    }

    [Fact]
    public async Task WhenTheFirstAnswersAtOnce_TheOthersAreNotAsked()
    {
        await Fresh.Stack();
        var desk = new Desk(3).Answers(0, 5);
        using var result = await desk.Run(desk.Make(FanOutMode.FirstSuccess));
        Assert.Equal((5, FaultClass.NotStarted), (result.Value.Number, result[1].Fault));
        Assert.Equal([0], desk.Asked);
    }

    [Fact]
    public async Task WhenAnAnswerIsNotAcceptable_TheNextIsTaken_AndWhenNoneIs_TheRunHasFailed()
    {
        await Fresh.Stack();
        var desk = new Desk(2).Answers(0, 0).Answers(1, 4);
        using (var result = await desk.Run(desk.Make(FanOutMode.Sequential, o => o with { IsAcceptable = static a => a.Number > 0 })))
        {
            Assert.Equal((1, SlotState.Answered), (result.Winner, result[0].State));
        }

        using var none = await desk.Run(desk.Make(FanOutMode.FirstSuccess, o => o with { IsAcceptable = static a => a.Number > 9 }));
        Assert.Equal((FanOutStatus.Failed, FanOutEnd.Impossible), (none.Status, none.End));
    }

    [Fact]
    public async Task WhenTheFirstIsLate_TheNextIsAsked_UntilTheBudgetIsSpent()
    {
        await Fresh.Stack();
        var desk = new Desk(2);
        var fanOut = desk.Make(FanOutMode.Hedged, o => o with { HedgeBurst = 1, HedgeShare = 0.01 });
        var run = desk.Run(fanOut);
        Assert.Equal([0], desk.Asked);
        desk.Clock.Advance(999.Milliseconds());
        Assert.Equal([0], desk.Asked);
        desk.Clock.Advance(2.Milliseconds());
        Assert.Equal([0, 1], desk.Asked);
        desk.LastOf(1).Answer(3);
        using (var result = await run)
        {
            Assert.Equal(1, result.Winner);
        }

        var second = desk.Run(fanOut);
        desk.Clock.Advance(5.Seconds());
        Assert.Equal(3, desk.Asked.Count);
        Assert.Equal(1, fanOut.HedgesDenied);
        desk.LastOf(desk.Asked[2]).Answer(1);
        (await second).Dispose();
    }

    [Fact]
    public async Task WhenTheFirstFails_TheNextIsAskedAtOnce()
    {
        await Fresh.Stack();
        var desk = new Desk(3).Fails(0).Answers(1, 2);
        using var result = await desk.Run(desk.Make(FanOutMode.Hedged));
        Assert.Equal((1, FaultClass.Unclassified, FaultClass.NotStarted), (result.Winner, result[0].Fault, result[2].Fault));
    }

    [Fact]
    public async Task WhenTheNetworkFails_TheSameEndpointIsAskedAgain_AfterItsDelays()
    {
        await Fresh.Stack();
        var desk = new Desk(1).Fails(0, new IOException());
        var run = desk.Run(desk.Make(FanOutMode.Sequential));
        var asked = new List<int>();
        foreach (var delay in new[] { 49, 2, 198, 2, 798, 3 })
        {
            desk.Clock.Advance(delay.Milliseconds());
            asked.Add(desk.Asked.Count);
        }

        Assert.Equal([1, 2, 2, 3, 3, 4], asked);
        using var result = await run;
        Assert.Equal((FanOutStatus.Failed, 4, FaultClass.Network), (result.Status, result[0].Attempts, result[0].Fault));
    }

    [Fact]
    public async Task WhenTheScheduleThrows_TheEndpointIsNotAskedAgain()
    {
        await Fresh.Stack();
        var desk = new Desk(1).Fails(0, new IOException());
        using var result = await desk.Run(desk.Make(
            FanOutMode.Sequential, o => o with { RetryBackoff = Backoff.Generate(static _ => throw new ArithmeticException()) }));
        Assert.Equal((FanOutStatus.Failed, 1), (result.Status, result[0].Attempts));
    }

    [Fact]
    public async Task WhenAskedOnce_NothingIsAskedAgain()
    {
        await Fresh.Stack();
        var desk = new Desk(2).Fails(0, new IOException());
        using var result = await desk.Run(desk.Make(FanOutMode.Once));
        Assert.Equal((FanOutStatus.Failed, 1), (result.Status, desk.Asked.Count));
    }

    [Fact]
    public async Task WhenTheCallerCancels_TheCallThrows_AndWhatRunsIsCancelled()
    {
        await Fresh.Stack();
        var desk = new Desk(2).Answers(0, 1);
        using var caller = new CancellationTokenSource();
        var fanOut = desk.Make(FanOutMode.All);
        var run = desk.Run(fanOut, caller.Token);
        caller.Cancel();
        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await run);
        Assert.Equal(caller.Token, thrown.CancellationToken);
        Assert.Equal(0, fanOut.InFlightLosers);
        Assert.Equal(0, desk.Set[1].Breaker.Snapshot.Calls);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await desk.Run(fanOut, caller.Token));
        Assert.Equal(2, desk.Asked.Count);
    }

    [Fact]
    public async Task WhenEndpointsAgree_TheRestIsNotAsked_AndALateOneIsReplaced()
    {
        await Fresh.Stack();
        var desk = new Desk(5);
        var fanOut = desk.Make(FanOutMode.Majority);
        var run = desk.Run(fanOut);
        Assert.Equal([0, 1, 2], desk.Asked);
        desk.LastOf(0).Answer(8);
        desk.LastOf(1).Answer(8);
        desk.Clock.Advance(2.Seconds());
        Assert.Equal([0, 1, 2, 3], desk.Asked);
        desk.LastOf(3).Answer(8);
        using var result = await run;
        Assert.Equal((FanOutStatus.Agreed, 8), (result.Status, result.Value.Number));
        Assert.Equal((SlotVote.Agrees, SlotVote.None, FaultClass.NotStarted), (result[3].Vote, result[2].Vote, result[4].Fault));
    }

    [Fact]
    public async Task WhenNoAgreementIsPossible_TheRunEndsAtOnce()
    {
        await Fresh.Stack();
        var desk = new Desk(3).Answers(0, 1).Answers(1, 2).Answers(2, 3);
        using var dispute = await desk.Run(desk.Make(FanOutMode.Majority));
        Assert.Equal((FanOutStatus.Dispute, FanOutEnd.Impossible), (dispute.Status, dispute.End));
        var poor = new Desk(3).Answers(0, 1).Fails(1).Fails(2);
        using var low = await poor.Run(poor.Make(FanOutMode.Majority));
        Assert.Equal((FanOutStatus.LowParticipants, FanOutEnd.Impossible), (low.Status, low.End));
    }

    [Fact]
    public async Task WhenADisputeIsToBeAskedAgain_ItIs_AfterTheDelay()
    {
        await Fresh.Stack();
        var desk = new Desk(3).Answers(0, 1).Answers(1, 2).Answers(2, 3).DoesFrom(2, 2, static () => new(new Answer(1)));
        var run = desk.Run(desk.Make(FanOutMode.Majority, o => o with { Dispute = DisputePolicy.Retry(3.Seconds()) }));
        Assert.Equal(3, desk.Asked.Count);
        desk.Clock.Advance(4.Seconds());
        using var result = await run;
        Assert.Equal((FanOutStatus.Agreed, 1), (result.Status, result.Value.Number));
    }

    [Fact]
    public async Task WhenNumbersDiffer_TheHighestThatIsVouchedForIsTaken()
    {
        await Fresh.Stack();
        var desk = new Desk(4).Answers(0, 100).Answers(1, 7).Answers(2, 8).Answers(3, 7);
        using var result = await desk.Run(desk.Make(FanOutMode.Highest(1)));
        Assert.Equal((FanOutStatus.Answered, 8), (result.Status, result.Value.Number));
    }

    [Fact]
    public async Task WhenABreakerIsOpenOrTheLimitReached_TheEndpointIsNotAsked()
    {
        await Fresh.Stack();
        var desk = new Desk(3, each: e => e with { MaxConcurrency = 1 }).Answers(2, 1).IsDeaf(1);
        desk.Set[0].Breaker.Isolate();
        var fanOut = desk.Make(FanOutMode.All);
        var first = desk.Run(fanOut);
        var second = desk.Run(fanOut);
        Assert.True(second.IsCompleted);
        using var result = await second;
        Assert.Equal((FaultClass.BreakerOpen, FaultClass.NotStarted, FaultClass.None), (result[0].Fault, result[1].Fault, result[2].Fault));
        Assert.Equal((SlotState.Failed, 0), (result[1].State, result[1].Attempts));
        desk.LastOf(1).Answer(1);
        (await first).Dispose();
    }

    [Fact]
    public async Task WhenTheJudgeThrows_TheEndpointHasFailed()
    {
        await Fresh.Stack();
        var desk = new Desk(1).Answers(0, 1);
        using var result = await desk.Run(desk.Make(FanOutMode.Majority, o => o with { Judge = static _ => throw new ArithmeticException() }));
        Assert.Equal((FanOutStatus.LowParticipants, SlotState.Failed), (result.Status, result[0].State));
        Assert.IsType<ArithmeticException>(result[0].Exception);
    }

    [Fact]
    public async Task WhenTheResultIsDisposed_ItsAnswersAre_ButNotTheOneThatWasTaken_AndItCannotBeRead()
    {
        await Fresh.Stack();
        var desk = new Desk(3).Answers(0, 4).Answers(1, 4).Answers(2, 4);
        var result = await desk.Run(desk.Make(FanOutMode.Majority));
        var (taken, other) = (result.TakeValue(), result[1].Value!);
        result.Dispose();
        result.Dispose();
        Assert.Equal((0, 1), (taken.Disposals, other.Disposals));
        Assert.Throws<InvalidOperationException>(() => result.Status);
        Assert.Throws<InvalidOperationException>(() => default(FanOutResult<Answer>).Status);
    }

    [Fact]
    public async Task WhenAnEndpointIsAskedLater_ItSeesWhatWasAmbientWhenTheCallerCalled()
    {
        await Fresh.Stack();
        var ambient = new AsyncLocal<string> { Value = "caller" };
        var seen = new List<string?>();
        var desk = new Desk(2).Does(1, () =>
        {
            seen.Add(ambient.Value);
            return new(new Answer(1));
        });
        var run = desk.Run(desk.Make(FanOutMode.Sequential));
        ambient.Value = "test";
        desk.LastOf(0).Fail(new FormatException());
        (await run).Dispose();
        Assert.Equal(["caller"], seen);
        Assert.Equal("test", ambient.Value);
    }
}
