using Resilience.Testing;

namespace Resilience.Tests.Execution;

/// <summary>Monotonic time from any provider, and words that are never early.</summary>
public sealed class ClockTests
{
    public static TheoryData<long> Frequencies => [1, 3, 1_000, 32_768, 3_579_545, 10_000_000, 14_318_180, 24_000_000, 1_000_000_000, 3_000_000_007];

    [Theory]
    [MemberData(nameof(Frequencies))]
    public void WhenTheFrequencyIsOdd_TimeIsMonotonic_AndADeadlineIsNeverEarlyByTheProvidersOwnReckoning(long frequency)
    {
        var provider = new Counter(frequency) { Timestamp = 987_654_321_012_345 };
        var clock = Clock.For(provider);
        var random = new Random(1);
        var last = 0L;
        for (var i = 0; i < 20_000; i++)
        {
            var ticks = random.NextInt64(1, 20 * TimeSpan.TicksPerSecond);
            var start = provider.Timestamp;
            var word = clock.WordAfter(ticks);
            provider.Timestamp += (long)(random.NextDouble() * 30 * frequency);
            Assert.True(clock.Coarse >= last);
            last = clock.Coarse;
            if (clock.Coarse >= word)
            {
                Assert.True(provider.GetElapsedTime(start, provider.Timestamp).Ticks >= ticks, $"{ticks} ticks after {start}");
            }
        }
    }

    [Theory]
    [InlineData(long.MinValue / 4)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(long.MaxValue / 4)]
    public void WhenTheProvidersOriginIsFarAway_TimeCountsFromOurOwn(long origin)
    {
        var provider = new Counter(1) { Timestamp = origin };
        var clock = Clock.For(provider);
        var start = clock.Coarse;
        Assert.True(start > 0);
        provider.Timestamp += 5;
        Assert.Equal(start + (5 * TimeSpan.TicksPerSecond), clock.Coarse);
    }

    [Fact]
    public void WhenTheProviderGoesBack_TimeStaysAboveZero()
    {
        var provider = new Counter(TimeSpan.TicksPerSecond) { Timestamp = 1_000 };
        var clock = Clock.For(provider);
        provider.Timestamp -= TimeSpan.TicksPerDay * 10;
        Assert.Equal(1, clock.Coarse);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void WhenTheFrequencyIsNotAboveZero_TheErrorSaysSo(long frequency)
    {
        var thrown = Assert.Throws<ArgumentOutOfRangeException>(() => Clock.For(new Counter(frequency)));
        Assert.StartsWith($"TimestampFrequency is {frequency}: it must be above zero.", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Clock.FineBelow - 1)]
    [InlineData(Clock.FineBelow)]
    [InlineData(TimeSpan.TicksPerHour)]
    public void WhenTheClockIsTheSystems_AWordIsOnItsScale_AndCoversWhatTheReadingMayLag(long ticks)
    {
        var clock = Clock.System;
        var fine = ticks < Clock.FineBelow;
        var before = fine ? clock.Fine : clock.Coarse;
        var word = clock.WordAfter(ticks);
        Assert.Equal(fine, Clock.IsFine(word));
        Assert.True(word >= before + ticks + (fine ? 1 : clock.Granule));
    }

    [Fact]
    public void WhenTheClockIsTheSystems_WordsAreRoundedUpToTheirScale()
    {
        Assert.Equal([10L, 12, 12], new long[] { 10, 11, 12 }.Select(d => Clock.System.Word(d, fine: false)));
        Assert.Equal([11L, 11, 13], new long[] { 10, 11, 12 }.Select(d => Clock.System.Word(d, fine: true)));
    }

    [Fact]
    public void WhenThereIsOneScale_AWordIsTheDeadlineItself()
    {
        var clock = Clock.For(new ManualClock());
        Assert.Equal([10L, 11, 12], new long[] { 10, 11, 12 }.Select(d => clock.Word(d, fine: false)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhenTheWaitIsTheLongestThereIs_NothingOverflows(bool system)
    {
        var clock = system ? Clock.System : Clock.For(new ManualClock());
        var word = clock.WordAfter(long.MaxValue);
        Assert.True(word > clock.Coarse + Clock.MaxDelay - 1);
        Assert.Equal(TimeSpan.FromMilliseconds(int.MaxValue), clock.TimerDueIn(word, long.MaxValue));
        Assert.True(clock.WaitReach(long.MaxValue) > 0);
    }

    [Fact]
    public void WhenTheTimerCountsMilliseconds_ItIsSetForTheNextWholeOne_AndNeverEarly()
    {
        var provider = new Counter(TimeSpan.TicksPerSecond);
        var clock = Clock.For(provider);
        var now = clock.Coarse;
        Assert.Equal(TimeSpan.FromMilliseconds(1), clock.TimerDueIn(now + 1, long.MaxValue));
        Assert.Equal(TimeSpan.FromMilliseconds(1), clock.TimerDueIn(now + 10_000, now + 99_999));
        Assert.Equal(TimeSpan.FromMilliseconds(2), clock.TimerDueIn(now + 10_001, long.MaxValue));
        Assert.Equal(TimeSpan.Zero, clock.TimerDueIn(now - 5, long.MaxValue));
        Assert.Equal(Timeout.InfiniteTimeSpan, clock.TimerDueIn(long.MaxValue, long.MaxValue));
        Assert.Equal(new TimeSpan(1), Clock.For(new ManualClock()) is var manual ? manual.TimerDueIn(manual.Coarse + 1, long.MaxValue) : default);
    }

    [Fact]
    public void WhenOneProviderIsAskedForTwice_ItHasOneClock_AndTheSystemsIsItsOwn()
    {
        var provider = new ManualClock();
        Assert.Same(Clock.For(provider), Clock.For(provider));
        Assert.NotSame(Clock.For(provider), Clock.For(new ManualClock()));
        Assert.Same(Clock.System, Clock.For(TimeProvider.System));
    }

    private sealed class Counter(long frequency) : TimeProvider
    {
        public long Timestamp { get; set; }

        public override long TimestampFrequency => frequency;

        public override long GetTimestamp() => Timestamp;
    }
}
