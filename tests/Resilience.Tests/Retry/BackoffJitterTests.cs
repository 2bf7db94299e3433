namespace Resilience.Tests.Retry;

public sealed class BackoffJitterTests
{
    private const int Draws = 1_000_000;
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(0, 0.75)]
    [InlineData(0.4, 0.95)]
    [InlineData(0.5, 1)]
    [InlineData(0.6, 1.05)]
    [InlineData(1, 1.25)]
    public void WhenPlusMinusAQuarter_TheDelayIsExactAt(double u, double expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), OneSecondAt(Jitter.PlusMinus(0.25), u));

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(0.5, 0.75)]
    [InlineData(1, 1)]
    public void WhenEqual_TheDelayIsExactAt(double u, double expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), OneSecondAt(Jitter.Equal, u));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.25, 0.25)]
    [InlineData(1, 1)]
    public void WhenFull_TheDelayIsExactAt(double u, double expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), OneSecondAt(Jitter.Full, u));

    [Fact]
    public void WhenFullAndCapped_TheWholeRangeUpToTheCapIsDrawn()
    {
        var capped = Backoff.Exponential(s_second).WithCap(TimeSpan.FromSeconds(3)).WithJitter(Jitter.Full);
        Assert.Equal(TimeSpan.FromSeconds(1.5), At(capped.WithRandom(new ScriptedRandom(0.5)), 10_000));
        Assert.Equal(TimeSpan.FromSeconds(3), At(capped.WithRandom(new ScriptedRandom(1)), 10_000));
    }

    [Fact]
    public void WhenJitterLeadsBeyondTheCap_TheCapHolds()
    {
        var backoff = Backoff.Constant(s_second).WithCap(s_second).WithJitter(Jitter.PlusMinus(0.25)).WithRandom(new ScriptedRandom(1, 0));
        Assert.Equal(s_second, At(backoff, 0));
        Assert.Equal(TimeSpan.FromSeconds(0.75), At(backoff, 0));
    }

    [Fact]
    public void WhenJitterLeadsBeyondTheLongestDelay_NothingOverflows() => Assert.Equal(
        Backoff.MaxDelay, At(Backoff.Constant(Backoff.MaxDelay).WithJitter(Jitter.PlusMinus(1)).WithRandom(new ScriptedRandom(1)), 0));

    [Theory]
    [InlineData(0.25, 1)]
    [InlineData(1, 1)]
    public void WhenPlusMinus_TheMeanOfAMillionDrawsIsTheDelay(double factor, double mean) => AssertMean(Jitter.PlusMinus(factor), mean);

    [Fact]
    public void WhenEqual_TheMeanOfAMillionDrawsIsThreeQuarters() => AssertMean(Jitter.Equal, 0.75);

    [Fact]
    public void WhenFull_TheMeanOfAMillionDrawsIsHalf() => AssertMean(Jitter.Full, 0.5);

    [Fact]
    public void WhenFull_TheDrawsFillTheRangeEvenly()
    {
        var backoff = Backoff.Constant(s_second).WithJitter(Jitter.Full).WithSeed(7);
        var counts = new int[10];
        for (var i = 0; i < Draws; i++)
        {
            counts[(int)(At(backoff, 0).TotalSeconds * 10)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, Draws / 10 * 0.98, Draws / 10 * 1.02));
    }

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void WhenFactorIsOutOfRange_TheMessageNamesItAndItsRange(double factor)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Jitter.PlusMinus(factor));
        Assert.Equal("factor", error.ParamName);
        Assert.Contains($"factor is {factor}; it must lie between 0 and 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhenSpreadByNothing_ItIsNone()
    {
        Assert.Equal(Jitter.None, Jitter.PlusMinus(0));
        Assert.Equal(Jitter.None, default);
        Assert.NotEqual(Jitter.Full, Jitter.Equal);
    }

    private static void AssertMean(Jitter jitter, double mean)
    {
        var backoff = Backoff.Constant(s_second).WithJitter(jitter).WithSeed(42);
        var sum = 0.0;
        for (var i = 0; i < Draws; i++)
        {
            sum += At(backoff, 0).TotalSeconds;
        }

        Assert.InRange(sum / Draws, mean * 0.99, mean * 1.01);
    }

    private static TimeSpan OneSecondAt(Jitter jitter, double u) =>
        At(Backoff.Constant(s_second).WithJitter(jitter).WithRandom(new ScriptedRandom(u)), 0);

    private static TimeSpan At(Backoff backoff, int attempt)
    {
        var state = default(BackoffState);
        return backoff.GetDelay(attempt, ref state);
    }
}
