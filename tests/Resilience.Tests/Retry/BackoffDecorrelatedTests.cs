namespace Resilience.Tests.Retry;

public sealed class BackoffDecorrelatedTests
{
    private const int Draws = 1_000_000;
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public void WhenDrawsAreAtTheirEnds_DecorrelatedRunsFromTheBaseToThreeTimesThePrevious()
    {
        var cap = TimeSpan.FromSeconds(20);
        Assert.Equal([1, 1, 1, 1], Seconds(Backoff.DecorrelatedJitter(s_second, cap), 4, 0));
        Assert.Equal([3, 9, 20, 20], Seconds(Backoff.DecorrelatedJitter(s_second, cap), 4, 1));
        Assert.Equal([2, 3.5, 5.75], Seconds(Backoff.DecorrelatedJitter(s_second, cap), 3, 0.5));
    }

    [Fact]
    public void WhenACapHeldThePreviousDelay_TheNextIsDrawnFromTheCap() =>
        Assert.Equal([2, 1.5], Seconds(Backoff.DecorrelatedJitter(s_second, TimeSpan.FromSeconds(2)), 2, 1, 0.1));

    [Fact]
    public void WhenTheCapIsBelowTheBase_EveryDelayIsTheCap() =>
        Assert.Equal([0.5, 0.5, 0.5], Seconds(Backoff.DecorrelatedJitter(s_second, s_second).WithCap(s_second / 2), 3, 0, 1));

    [Fact]
    public void WhenAStateIsUsedAgainFromAttemptZero_ItStartsAnew()
    {
        Assert.All(BackoffKinds.Random(s_second), kind =>
        {
            var backoff = kind.WithRandom(new ScriptedRandom(0.5));
            var state = default(BackoffState);
            var first = backoff.GetDelay(0, ref state);
            backoff.GetDelay(1, ref state);
            Assert.Equal(first, backoff.GetDelay(0, ref state));
        });
    }

    [Fact]
    public void WhenTheStateIsKeptAsAWord_TheNextDelayIsTheSame()
    {
        Assert.All(BackoffKinds.Random(s_second), kind =>
        {
            var backoff = kind.WithRandom(new ScriptedRandom(0.5));
            var state = default(BackoffState);
            backoff.GetDelay(0, ref state);
            var copy = new BackoffState(state.Word);
            Assert.Equal(backoff.GetDelay(1, ref state), backoff.GetDelay(1, ref copy));
        });
    }

    [Fact]
    public void WhenDecorrelated_TheMeansFollowTheRecurrence()
    {
        var sums = Sums(Backoff.DecorrelatedJitter(s_second, TimeSpan.FromDays(1)).WithSeed(1), 4);
        for (var attempt = 0; attempt < sums.Length; attempt++)
        {
            AssertWithinOnePercent((2 * Math.Pow(1.5, attempt + 1)) - 1, sums[attempt] / Draws);
        }
    }

    [Fact]
    public void WhenSmoothed_DelaysAddUpToTheCurve()
    {
        const double U = 0.3;
        var delays = Seconds(Backoff.SmoothedDecorrelatedJitter(s_second), 20, U);
        var sum = 0.0;
        for (var attempt = 0; attempt < delays.Length; attempt++)
        {
            sum += delays[attempt];
            Assert.Equal(Curve(attempt + U) / 1.4, sum, 1e-9 * sum + 2e-6);
        }
    }

    [Fact]
    public void WhenSmoothed_TheMeansAreTheIntegralsOfTheCurve()
    {
        var sums = Sums(Backoff.SmoothedDecorrelatedJitter(s_second).WithSeed(2), 5);
        for (var attempt = 0; attempt < sums.Length; attempt++)
        {
            AssertWithinOnePercent((Integral(attempt) - (attempt == 0 ? 0 : Integral(attempt - 1))) / 1.4, sums[attempt] / Draws);
        }
    }

    [Fact]
    public void WhenSmoothed_TheMedianOfTheFirstDelayIsNearItsParameter()
    {
        var backoff = Backoff.SmoothedDecorrelatedJitter(s_second).WithRandom(new ScriptedRandom(0.5));
        var state = default(BackoffState);
        Assert.InRange(backoff.GetDelay(0, ref state).TotalSeconds, 0.85, 1.0);
    }

    [Fact]
    public void WhenSmoothedPassesTheLargestDouble_TheDelayStaysAtItsLongest()
    {
        var backoff = Backoff.SmoothedDecorrelatedJitter(s_second).WithRandom(new ScriptedRandom(0.5));
        var state = default(BackoffState);
        for (var attempt = 0; attempt <= 10_000; attempt++)
        {
            var delay = backoff.GetDelay(attempt, ref state);
            Assert.True(attempt < 40 || delay == Backoff.MaxDelay, $"attempt {attempt}: {delay}");
        }
    }

    [Fact]
    public void WhenSmoothedDrawsFallFromOneToZero_NoDelayIsNegative()
    {
        var backoff = Backoff.SmoothedDecorrelatedJitter(s_second).WithRandom(new ScriptedRandom(1, 0));
        var delays = new TimeSpan[2_000];
        backoff.Fill(delays);
        Assert.All(delays, delay => Assert.InRange(delay, TimeSpan.Zero, Backoff.MaxDelay));
        Assert.Equal(TimeSpan.Zero, delays[1]);
    }

    [Fact]
    public void WhenTheStateIsAheadOfTheAttempt_NoDelayIsNegative()
    {
        var backoff = Backoff.SmoothedDecorrelatedJitter(s_second).WithRandom(new ScriptedRandom(0.5));
        var state = default(BackoffState);
        backoff.GetDelay(9, ref state);
        Assert.Equal(TimeSpan.Zero, backoff.GetDelay(3, ref state));
    }

    private static double Curve(double t) => Math.Pow(2, t) * Math.Tanh(Math.Sqrt(4 * t));

    // Simpson's rule over t·t instead of t: the curve has a square root at zero, the substitution has none.
    private static double Integral(int from)
    {
        const int Steps = 2_000;
        var (a, b) = (Math.Sqrt(from), Math.Sqrt(from + 1));
        var h = (b - a) / Steps;
        var sum = 0.0;
        for (var i = 0; i <= Steps; i++)
        {
            var x = a + (i * h);
            var weight = i is 0 or Steps ? 1 : i % 2 == 0 ? 2 : 4;
            sum += weight * Curve(x * x) * 2 * x;
        }

        return sum * h / 3;
    }

    private static double[] Sums(Backoff backoff, int attempts)
    {
        var sums = new double[attempts];
        Span<TimeSpan> delays = new TimeSpan[attempts];
        for (var i = 0; i < Draws; i++)
        {
            backoff.Fill(delays);
            for (var attempt = 0; attempt < attempts; attempt++)
            {
                sums[attempt] += delays[attempt].TotalSeconds;
            }
        }

        return sums;
    }

    private static void AssertWithinOnePercent(double expected, double actual) => Assert.InRange(actual, expected * 0.99, expected * 1.01);

    private static double[] Seconds(Backoff backoff, int count, params double[] draws)
    {
        var delays = new TimeSpan[count];
        backoff.WithRandom(new ScriptedRandom(draws)).Fill(delays);
        return [.. delays.Select(delay => delay.TotalSeconds)];
    }
}
