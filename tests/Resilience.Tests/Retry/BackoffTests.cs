namespace Resilience.Tests.Retry;

public sealed class BackoffTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public void WhenConstant_EveryDelayIsTheSame() =>
        Assert.Equal(Seconds(3, 3, 3, 3), Delays(Backoff.Constant(TimeSpan.FromSeconds(3)), 4));

    [Fact]
    public void WhenLinear_EachDelayIsOneStepLonger()
    {
        Assert.Equal(Seconds(1, 2, 3, 4), Delays(Backoff.Linear(s_second), 4));
        Assert.Equal(Seconds(5, 6, 7, 8), Delays(Backoff.Linear(s_second, TimeSpan.FromSeconds(5)), 4));
        Assert.Equal(Seconds(5, 5, 5, 5), Delays(Backoff.Linear(TimeSpan.Zero, TimeSpan.FromSeconds(5)), 4));
    }

    [Fact]
    public void WhenExponential_EachDelayIsAMultipleOfTheLast()
    {
        Assert.Equal(Seconds(1, 2, 4, 8), Delays(Backoff.Exponential(s_second), 4));
        Assert.Equal(Seconds(1, 3, 9, 27), Delays(Backoff.Exponential(s_second, 3), 4));
        Assert.Equal(Seconds(2, 2, 2, 2), Delays(Backoff.Exponential(TimeSpan.FromSeconds(2), 1), 4));
    }

    [Fact]
    public void WhenFibonacci_EachDelayIsTheSumOfTheTwoBefore() =>
        Assert.Equal(Seconds(1, 1, 2, 3, 5, 8, 13, 21), Delays(Backoff.Fibonacci(s_second), 8));

    [Fact]
    public void WhenScheduleEnds_TheLastDelayRepeats()
    {
        var schedule = Backoff.Schedule(Milliseconds(50), Milliseconds(200), Milliseconds(800));
        Assert.Equal([Milliseconds(50), Milliseconds(200), Milliseconds(800), Milliseconds(800)], Delays(schedule, 4));
        Assert.Equal(Milliseconds(800), At(schedule, int.MaxValue));
    }

    [Fact]
    public void WhenScheduleArrayIsChangedAfterwards_TheScheduleIsNot()
    {
        TimeSpan[] delays = [s_second];
        var schedule = Backoff.Schedule(delays);
        delays[0] = TimeSpan.Zero;
        Assert.Equal(s_second, At(schedule, 0));
    }

    [Fact]
    public void WhenGenerated_TheFunctionSeesTheAttemptFromZero()
    {
        var seen = new List<int>();
        var backoff = Backoff.Generate(attempt =>
        {
            seen.Add(attempt);
            return TimeSpan.FromSeconds(attempt);
        });
        Assert.Equal(Seconds(0, 1, 2), Delays(backoff, 3));
        Assert.Equal([0, 1, 2], seen);
    }

    [Fact]
    public void WhenGeneratorGoesOutOfRange_TheDelayIsHeldBetweenZeroAndTheCap()
    {
        Assert.Equal(TimeSpan.Zero, At(Backoff.Generate(_ => TimeSpan.MinValue), 0));
        Assert.Equal(TimeSpan.Zero, At(Backoff.Generate(_ => Timeout.InfiniteTimeSpan), 0));
        Assert.Equal(Backoff.MaxDelay, At(Backoff.Generate(_ => TimeSpan.MaxValue), 0));
        Assert.Equal(s_second, At(Backoff.Generate(_ => TimeSpan.MaxValue).WithCap(s_second), 0));
    }

    [Fact]
    public void WhenGeneratorThrows_TheExceptionReachesTheCaller() =>
        Assert.Throws<InvalidTimeZoneException>(() => At(Backoff.Generate(_ => throw new InvalidTimeZoneException()), 0));

    [Fact]
    public void WhenCapped_EveryKindIsCapped()
    {
        var cap = TimeSpan.FromSeconds(2);
        Assert.All(
            BackoffKinds.All(TimeSpan.FromSeconds(10)),
            kind => Assert.Equal(cap, At(kind.WithRandom(new ScriptedRandom(1)).WithCap(cap), 3)));
    }

    [Fact]
    public void WhenCappedTwice_TheLaterCapCounts()
    {
        var backoff = Backoff.Exponential(s_second).WithCap(TimeSpan.FromSeconds(2)).WithCap(TimeSpan.FromSeconds(4));
        Assert.Equal(Seconds(1, 2, 4, 4), Delays(backoff, 4));
        Assert.Equal(TimeSpan.FromSeconds(4), backoff.Cap);
    }

    [Fact]
    public void WhenBaseIsZero_NoAttemptWaits() =>
        Assert.All(
            BackoffKinds.All(TimeSpan.Zero),
            kind => Assert.All(Attempts, attempt => Assert.Equal(TimeSpan.Zero, At(kind, attempt))));

    [Fact]
    public void WhenNone_NothingWaits() => Assert.Equal(Seconds(0, 0, 0), Delays(Backoff.None, 3));

    [Fact]
    public void WhenAttemptIsHuge_GrowingKindsStandAtTheLongestDelay()
    {
        Backoff[] growing = [Backoff.Exponential(s_second), Backoff.Fibonacci(s_second), Backoff.Exponential(new TimeSpan(1), 1e300)];
        Assert.All(
            growing,
            kind => Assert.All([1_000, 1_023, 1_024, 10_000, int.MaxValue], n => Assert.Equal(Backoff.MaxDelay, At(kind, n))));
        Assert.Equal(Backoff.MaxDelay, At(Backoff.Linear(TimeSpan.FromDays(100_000)), int.MaxValue));
        Assert.Equal(Milliseconds(1L << 31), At(Backoff.Linear(Milliseconds(1)), int.MaxValue));
    }

    [Fact]
    public void WhenFilledWithNothing_NothingIsDrawn()
    {
        var calls = 0;
        Backoff.Generate(_ => new TimeSpan(++calls)).Fill([]);
        Assert.Equal(0, calls);
    }

    private static int[] Attempts => [0, 1, 2, 63, 64, 91, 92, 1_024, 10_000, int.MaxValue];

    private static TimeSpan At(Backoff backoff, int attempt)
    {
        var state = default(BackoffState);
        return backoff.GetDelay(attempt, ref state);
    }

    private static TimeSpan[] Delays(Backoff backoff, int count)
    {
        var delays = new TimeSpan[count];
        backoff.Fill(delays);
        return delays;
    }

    private static TimeSpan Milliseconds(double value) => TimeSpan.FromMilliseconds(value);

    private static TimeSpan[] Seconds(params double[] values) => [.. values.Select(value => TimeSpan.FromSeconds(value))];
}
