using Resilience.Tests.Execution;

namespace Resilience.Tests.Hedging;

/// <summary>The extra load is bounded, and what was granted is given back.</summary>
public class HedgingLoadTests : HedgingTestBase
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task WhenEveryCallIsLate_HedgesAreAtMostTheirShareOfTheCalls(int seed)
    {
        const int Calls = 20_000;
        var random = new Random(seed);
        var starts = new Starts<int>();
        var pipeline = Hedged<int>(new HedgingOptions { MaxAttempts = 3, Delay = HedgeDelay.After(new TimeSpan(1000)), Counters = Counters });
        var begun = Clock.GetTimestamp();
        for (var i = 0; i < Calls; i++)
        {
            var before = starts.Count;
            var call = pipeline.ExecuteAsync(starts.Run, Stop);
            Clock.Advance(TimeSpan.FromMicroseconds(500 + random.Next(1_000)));
            starts[before].Return(1);
            Assert.Equal(1, await call);
        }

        // 5 % of the calls, one a second, and the reserve of ten.
        var seconds = Clock.GetElapsedTime(begun).TotalSeconds;
        Assert.InRange(Counters.Hedges, Calls * 0.04, (Calls * 0.05) + seconds + 10);
        Assert.Equal(Calls + Counters.Hedges, starts.Count);
        Assert.True(Counters.Refused > 0);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenCallsEndAtOnce_TheyPayNothingIn()
    {
        var budget = new LeakyBucketBudget(new LeakyBucketBudgetOptions { RetryRatio = 1, MinimumPerSecond = 0 }, Clock);
        var pipeline = Hedged<int>(Options() with { ExtraLoad = 0.05, Budget = budget });
        for (var i = 0; i < 100; i++)
        {
            await pipeline.ExecuteAsync(_ => new ValueTask<int>(1), Stop);
        }

        Assert.Equal(0, budget.Balance);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenTheBudgetIsSpent_NoneIsStarted_AndTheFirstGoesOn(bool fails)
    {
        var budget = new InFlightBudget(new InFlightBudgetOptions { Share = 0, Minimum = 0 });
        var starts = new Starts<int>();
        var call = Hedged<int>(Options(5) with { ExtraLoad = 0.05, Budget = budget }).ExecuteOutcomeAsync(starts.Run, Stop);
        Clock.Advance(Second);
        if (fails)
        {
            starts[0].Fail(new ScriptedException("first"));
            Assert.Equal("first", (await call).Exception!.Message);
        }
        else
        {
            starts[0].Return(1);
            Assert.Equal(1, (await call).GetResult());
        }

        Assert.Equal((1, 0L), (starts.Count, Counters.Hedges));
        Assert.Equal(Counters.Refused, budget.Rejections);
        Assert.InRange(budget.Rejections, 1, 2);
        Assert.Equal((0, 0), (budget.Calls, budget.Retries));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenManyCallsRaceFailAndLose_TheBudgetBalances()
    {
        var budget = new InFlightBudget(new InFlightBudgetOptions { Share = 1, Minimum = 100 });
        var random = new Random(3);
        var pipeline = Hedged<int>(Options(4) with { ExtraLoad = 0.05, Budget = budget });
        for (var i = 0; i < 2_000; i++)
        {
            var starts = new Starts<int>(heedsTokens: random.Next(2) == 0)
            {
                OnStart = _ => _ = random.Next(4) == 0 ? throw new ScriptedException("at once") : 0,
            };
            using var caller = new CancellationTokenSource();
            var call = pipeline.ExecuteOutcomeAsync(starts.Run, caller.Token);
            for (var step = 0; step < 8 && !call.IsCompleted; step++)
            {
                Clock.Advance(random.Next(2) * Second);
                End(random, starts, caller);
            }

            for (var j = 0; j < starts.Count; j++)
            {
                starts[j].Return(0);
            }

            Assert.True(call.IsCompleted);
            await call;
            Assert.Equal((0, 0), (budget.Calls, budget.Retries));
        }

        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenTooManyLosersAreUnderWay_NoneIsStartedBesideAnother()
    {
        var starts = new Starts<int>(heedsTokens: false);
        var pipeline = Hedged<int>(Options() with { MaxInFlightLosers = 2 });
        for (var i = 0; i < 4; i++)
        {
            var before = starts.Count;
            var call = pipeline.ExecuteAsync(starts.Run, Stop);
            Clock.Advance(Second);
            starts[starts.Count - 1].Return(i);
            Assert.Equal(i, await call);
            Assert.Equal(i < 2 ? 2 : 1, starts.Count - before);
        }

        Assert.Equal((2L, 2L, 2L), (Counters.InFlightLosers, Counters.Hedges, Counters.Refused));
        starts[0].Return(0);
        starts[2].Return(0);
        AssertNothingIsLeft();
    }

    private static void End(Random random, Starts<int> starts, CancellationTokenSource caller)
    {
        var start = random.Next(starts.Count + 1);
        if (start == starts.Count)
        {
            if (random.Next(8) == 0)
            {
                caller.Cancel();
            }
        }
        else if (random.Next(2) == 0)
        {
            starts[start].Return(1);
        }
        else
        {
            starts[start].Fail(new ScriptedException("late"));
        }
    }
}
