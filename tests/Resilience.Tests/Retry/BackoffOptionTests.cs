namespace Resilience.Tests.Retry;

public sealed class BackoffOptionTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    public static TheoryData<string, Func<TimeSpan, Backoff>> Durations => new()
    {
        { "delay", Backoff.Constant },
        { "step", Backoff.Linear },
        { "step", step => Backoff.Linear(step, s_second) },
        { "first", first => Backoff.Linear(s_second, first) },
        { "baseDelay", baseDelay => Backoff.Exponential(baseDelay) },
        { "baseDelay", Backoff.Fibonacci },
        { "delays", delay => Backoff.Schedule(s_second, delay) },
        { "baseDelay", baseDelay => Backoff.DecorrelatedJitter(baseDelay, s_second) },
        { "cap", cap => Backoff.DecorrelatedJitter(s_second, cap) },
        { "median", Backoff.SmoothedDecorrelatedJitter },
        { "cap", Backoff.None.WithCap },
    };

    [Theory]
    [MemberData(nameof(Durations), DisableDiscoveryEnumeration = true)]
    public void WhenADurationIsOutOfRange_TheMessageNamesItItsValueAndItsRange(string name, Func<TimeSpan, Backoff> make)
    {
        foreach (var bad in (TimeSpan[])[new(-1), TimeSpan.MinValue, TimeSpan.MaxValue, Backoff.MaxDelay + new TimeSpan(1)])
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => make(bad));
            Assert.Equal(name, error.ParamName);
            var message = $"{name} is {DurationText.Of(bad)}; it must lie between 0 s and Backoff.MaxDelay (5000000 d).";
            Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0.999)]
    [InlineData(0)]
    [InlineData(-2)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void WhenTheFactorIsOutOfRange_TheMessageNamesItItsValueAndItsRange(double factor)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Backoff.Exponential(s_second, factor));
        Assert.StartsWith($"factor is {factor}; it must be finite and at least 1.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhenTheDecorrelatedCapIsBelowItsBase_TheMessageHoldsBoth()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Backoff.DecorrelatedJitter(s_second, s_second / 2));
        Assert.StartsWith("cap is 500 ms and baseDelay 1 s; cap must be at least baseDelay.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhenTheScheduleIsEmpty_ItIsRefused() =>
        Assert.StartsWith("delays is empty", Assert.Throws<ArgumentException>(() => Backoff.Schedule()).Message, StringComparison.Ordinal);

    [Fact]
    public void WhenTheGeneratorIsNull_ItIsRefused() => Assert.Throws<ArgumentNullException>("generator", () => Backoff.Generate(null!));

    [Fact]
    public void WhenTheAttemptIsNegative_ItIsRefused() => Assert.Throws<ArgumentOutOfRangeException>("attempt", () =>
    {
        var state = default(BackoffState);
        Backoff.None.GetDelay(-1, ref state);
    });

    [Fact]
    public void WhenTheCourseIsRandom_AJitterOnTopIsRefused() => Assert.All(BackoffKinds.Random(s_second), kind =>
    {
        Assert.Equal(Jitter.None, kind.WithJitter(Jitter.None).Jitter);
        var error = Assert.Throws<ArgumentException>(() => kind.WithJitter(Jitter.Full));
        Assert.StartsWith("jitter is full jitter; ", error.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void WhenWrittenOut_TheScheduleDescribesItself()
    {
        Assert.Equal(
            "exponential 2 s ×2, full jitter, cap 30 s",
            Backoff.Exponential(TimeSpan.FromSeconds(2)).WithJitter(Jitter.Full).WithCap(TimeSpan.FromSeconds(30)).ToString());
        Assert.Equal(
            "exponential 500 ms ×1.5, ±25 % jitter", Backoff.Exponential(s_second / 2, 1.5).WithJitter(Jitter.PlusMinus(0.25)).ToString());
        Assert.Equal("constant 0 s", Backoff.None.ToString());
        Assert.Equal("linear 2 min, equal jitter", Backoff.Linear(TimeSpan.FromMinutes(2)).WithJitter(Jitter.Equal).ToString());
        Assert.Equal("linear 1 d + 3 h", Backoff.Linear(TimeSpan.FromHours(3), TimeSpan.FromDays(1)).ToString());
        Assert.Equal("Fibonacci 1.5 s, seed 9", Backoff.Fibonacci(s_second * 1.5).WithSeed(9).ToString());
        Assert.Equal(
            "schedule 50 ms, 90 s, 2.5 µs",
            Backoff.Schedule(s_second / 20, TimeSpan.FromSeconds(90), new TimeSpan(25)).ToString());
        Assert.Equal("generated, cap 1 s", Backoff.Generate(_ => default).WithCap(s_second).ToString());
        Assert.Equal("decorrelated jitter from 1 s, cap 20 s", Backoff.DecorrelatedJitter(s_second, s_second * 20).ToString());
        Assert.Equal("smoothed decorrelated jitter around 1 s", Backoff.SmoothedDecorrelatedJitter(s_second).ToString());
        Assert.Equal("no jitter", Jitter.None.ToString());
    }
}
