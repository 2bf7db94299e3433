namespace Resilience.Tests.Retry;

public sealed class RetryBudgetLeakyBucketTests : RetryBudgetContract
{
    protected override string Description => "retries up to 20 % of calls and 10 a second, over 10 s";

    [Fact]
    public void WhenNew_TheReserveIsTheMinimumOfTheTimeToLive() => Assert.Equal(100, Balance());

    [Fact]
    public void WhenFiveCallsStart_OneRetryIsPaidIn()
    {
        var budget = Make(minimum: 0);
        Start(budget, 4);
        Assert.Equal(0, Take(budget));
        Start(budget, 1);
        Assert.Equal(1, Take(budget));
    }

    [Fact]
    public void WhenLeftAloneForTheTimeToLive_WhatWasPaidInIsGone_AndTheReserveIsNot()
    {
        var budget = Make(minimum: 1);
        Start(budget, 100);
        Assert.Equal(30, budget.Balance);
        Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(20, budget.Balance);
        Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(10, budget.Balance);
        Clock.Advance(TimeSpan.FromDays(365));
        Assert.Equal(10, Take(budget));
    }

    [Fact]
    public void WhenSpent_TheMinimumComesBackEachSecond_HoweverOftenItIsAskedFor()
    {
        var budget = Make(minimum: 3);
        Assert.Equal(30, Take(budget));
        for (var second = 0; second < 100; second++)
        {
            var taken = 0;
            for (var i = 0; i < 1_000; i++)
            {
                Clock.Advance(TimeSpan.FromMilliseconds(1));
                taken += Take(budget);
            }

            Assert.Equal(3, taken);
        }
    }

    [Fact]
    public void WhenSpentAndCallsGoOnEachMillisecond_NoPartOfTheMinimumIsLost()
    {
        var budget = Make(minimum: 1, ratio: 0.001);
        Take(budget);
        var taken = 0;
        for (var i = 0; i < 10_000; i++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(1));
            Start(budget, 1);
            taken += Take(budget);
        }

        Assert.Equal(20, taken);
    }

    [Fact]
    public void WhenTrafficIsSteady_AFifthOfItMayBeRetried()
    {
        var budget = Make(minimum: 0);
        var taken = 0;
        for (var i = 0; i < 10_000; i++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(1));
            Start(budget, 1);
            taken += Take(budget);
        }

        Assert.InRange(taken, 1_980, 2_000);
    }

    [Fact]
    public void WhenCallsNeverFail_TheCreditStopsAtTheTimeToLive()
    {
        var budget = Make(minimum: 0);
        for (var i = 0; i < 100_000; i++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(1));
            Start(budget, 1);
        }

        Assert.InRange(budget.Balance, 1_980, 2_000);
    }

    [Fact]
    public void WhenCreditIsBeyondTheWord_ItStaysAtItsMost()
    {
        var budget = Make(minimum: 2_000, ratio: 10, seconds: 60);
        for (var i = 0; i < 30_000; i++)
        {
            budget.OnStart();
        }

        Assert.Equal(134_217 + 120_000, budget.Balance);
    }

    [Fact]
    public void WhenNeitherShareNorMinimum_NothingIsGranted()
    {
        var budget = Make(minimum: 0, ratio: 0);
        Start(budget, 1_000);
        Assert.Equal(0, Take(budget));
    }

    [Fact]
    public void WhenTheClockGoesBack_NothingIsPaidTwice_AndTheMinimumGoesOn()
    {
        var time = new SettableTime();
        var budget = new LeakyBucketBudget(new() { RetryRatio = 0.001, MinimumPerSecond = 1 }, time);
        time.Now = TimeSpan.FromHours(2);
        Assert.Equal(10, Take(budget));
        time.Now = TimeSpan.FromHours(1);
        Assert.Equal(0, Take(budget));
        budget.OnStart();
        time.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(1, Take(budget));
    }

    [Fact]
    public void WhenTheClockHasGoneRoundTheWord_TheBudgetWorksOn()
    {
        var time = new SettableTime();
        var budget = new LeakyBucketBudget(new() { MinimumPerSecond = 1 }, time);
        foreach (var years in (double[])[0.5, 1.1, 2.17, 3, 10, 100])
        {
            time.Now = TimeSpan.FromDays(365.25 * years);
            Assert.Equal(10, Take(budget));
            time.Now += TimeSpan.FromSeconds(2);
            Assert.Equal(2, Take(budget));
        }
    }

    [Theory]
    [InlineData(0.5, 0.2, 10, "TimeToLive is 500 ms; it must lie between 1 s and 1 min.")]
    [InlineData(61, 0.2, 10, "TimeToLive is 61 s; it must lie between 1 s and 1 min.")]
    [InlineData(10, -0.1, 10, "RetryRatio is -0.1; it must lie between 0 and 10.")]
    [InlineData(10, double.NaN, 10, "RetryRatio is NaN; it must lie between 0 and 10.")]
    [InlineData(10, double.PositiveInfinity, 10, "RetryRatio is Infinity; it must lie between 0 and 10.")]
    [InlineData(10, 0.2, -1, "MinimumPerSecond is -1; it must lie between 0 and 2000.")]
    [InlineData(10, 0.2, 2_001, "MinimumPerSecond is 2001; it must lie between 0 and 2000.")]
    public void WhenAnOptionIsOutOfRange_TheMessageNamesIt(double seconds, double ratio, int minimum, string message) =>
        Assert.StartsWith(
            message, Assert.Throws<ArgumentOutOfRangeException>(() => Make(minimum, ratio, seconds)).Message, StringComparison.Ordinal);

    protected override RetryBudget Create() => new LeakyBucketBudget(timeProvider: Clock);

    protected override object Level(RetryBudget budget) => ((LeakyBucketBudget)budget).Balance;

    private static void Start(RetryBudget budget, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            budget.OnStart();
        }
    }

    private static int Take(RetryBudget budget)
    {
        var taken = 0;
        var debt = default(RetryDebt);
        while (budget.TryWithdraw(afterTimeout: false, ref debt))
        {
            taken++;
        }

        return taken;
    }

    private LeakyBucketBudget Make(int minimum, double ratio = 0.2, double seconds = 10) =>
        new(new() { MinimumPerSecond = minimum, RetryRatio = ratio, TimeToLive = TimeSpan.FromSeconds(seconds) }, Clock);

    private long Balance() => ((LeakyBucketBudget)Create()).Balance;

    private sealed class SettableTime : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromHours(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
