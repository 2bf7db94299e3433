using Resilience.Tests.Execution;
using Probe = Resilience.Tests.Timeouts.Probe;

namespace Resilience.Tests.Hedging;

/// <summary>The hook before an extra attempt: when it is called, with what, and that nothing is left behind when it throws.</summary>
public class HedgingHookTests : HedgingTestBase
{
    private readonly List<(int Attempt, HedgeReason Reason, TimeSpan Delay)> _told = [];

    private HedgingOptions Told(HedgingOptions options) => options with { OnHedge = e => _told.Add((e.Attempt, e.Reason, e.Delay)) };

    [Fact]
    public async Task WhenTheFirstAttemptWins_NothingIsTold()
    {
        Assert.Equal(1, await Hedged<int>(Told(Options())).ExecuteAsync(_ => new ValueTask<int>(1), Stop));
        Assert.Empty(_told);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenAttemptsAreLateAndFail_EachFurtherOneIsToldBeforeItStarts()
    {
        var seen = new List<int>();
        var starts = new Starts<int> { OnStart = _ => seen.Add(_told.Count) };
        var call = Hedged<int>(Told(Options(3))).ExecuteAsync(starts.Run, Stop);
        Clock.Advance(Second);
        starts[1].Fail(new ScriptedException("second"));
        starts[2].Return(3);
        Assert.Equal(3, await call);
        Assert.Equal([(1, HedgeReason.Late, Second), (2, HedgeReason.Failed, TimeSpan.Zero)], _told);
        Assert.Equal([0, 1, 2], seen);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenTheFirstFailsAtOnce_TheNextIsTold()
    {
        var starts = 0;
        Assert.Equal(2, await Hedged<int>(Told(Options())).ExecuteAsync(
            _ => ++starts == 1 ? throw new ScriptedException("at once") : new ValueTask<int>(starts), Stop));
        Assert.Equal([(1, HedgeReason.Failed, TimeSpan.Zero)], _told);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenAttemptsStartTogether_EachIsToldWithoutADelay()
    {
        var starts = new Starts<int>();
        var call = Hedged<int>(Told(Options(3, HedgeDelay.Parallel))).ExecuteAsync(starts.Run, Stop);
        Assert.Equal([(1, HedgeReason.Late, TimeSpan.Zero), (2, HedgeReason.Late, TimeSpan.Zero)], _told);
        starts[0].Return(1);
        Assert.Equal(1, await call);
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhenTheHookThrowsAfterTheDelay_TheCallFailsWithThat_AndTheFirstAttemptLoses(bool isParallel)
    {
        var budget = new InFlightBudget(new InFlightBudgetOptions { Share = 1, Minimum = 10 });
        var inside = new Probe();
        var starts = new Starts<int>(heedsTokens: false);
        var options = Options(3, isParallel ? HedgeDelay.Parallel : null) with
        {
            ExtraLoad = 0.05,
            Budget = budget,
            OnHedge = static _ => throw new FormatException("hook"),
        };
        var call = Hedged<int>(options, inside).ExecuteOutcomeAsync(starts.Run, Stop);
        Clock.Advance(Second);
        Assert.True(call.IsCompleted);
        Assert.Equal("hook", Assert.IsType<FormatException>((await call).Exception).Message);
        Assert.Equal((1, 0L, 0L, 1L), (starts.Count, Counters.Hedges, Counters.HedgesWon, Counters.Losers));
        Assert.True(starts[0].Token.IsCancellationRequested);
        starts[0].Return(1);
        Assert.Single(inside.Verdicts);
        Assert.Equal((0, 0), (budget.Calls, budget.Retries));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenTheHookThrowsAfterAFailureAtOnce_TheCallFailsWithThat_AndThePipelineIsUsedAgain()
    {
        var budget = new InFlightBudget(new InFlightBudgetOptions { Share = 1, Minimum = 10 });
        var pipeline = Hedged<int>(Options() with { ExtraLoad = 0.05, Budget = budget, OnHedge = static _ => throw new FormatException("hook") });
        for (var i = 0; i < 10; i++)
        {
            var outcome = await pipeline.ExecuteOutcomeAsync(static _ => throw new ScriptedException("at once"), Stop);
            Assert.IsType<FormatException>(outcome.Exception);
        }

        Assert.Equal(1, await pipeline.ExecuteAsync(static _ => new ValueTask<int>(1), Stop));
        Assert.Equal((0, 0, 0L), (budget.Calls, budget.Retries, Counters.Hedges));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenTheHookThrowsAfterALateFailure_TheCallFailsWithThat()
    {
        var starts = new Starts<int>();
        var call = Hedged<int>(Options() with { OnHedge = static _ => throw new FormatException("hook") }).ExecuteOutcomeAsync(starts.Run, Stop);
        starts[0].Fail(new ScriptedException("late"));
        Assert.IsType<FormatException>((await call).Exception);
        Assert.Equal(1, starts.Count);
        AssertNothingIsLeft();
    }
}
