using Resilience.Testing;

namespace Resilience.Tests.Latency;

/// <summary>What cannot be meant is refused with the option, the value and the range; the correction of omission does what it says.</summary>
public sealed class PercentileTrackerOptionsTests
{
    public static TheoryData<PercentileTrackerOptions, string> Refused => new()
    {
        { new() { TimeProvider = null! }, "TimeProvider is null" },
        { new() { Slices = 0 }, "Slices is 0: from 1 to 120." },
        { new() { Slices = -1 }, "Slices is -1" },
        { new() { Slices = int.MaxValue }, "Slices is 2147483647" },
        { new() { Window = TimeSpan.Zero }, "Window is 00:00:00: above zero and at most a day." },
        { new() { Window = TimeSpan.MaxValue }, "Window is 1067" },
        { new() { Window = TimeSpan.FromMilliseconds(11) }, "Window is 00:00:00.0110000 in Slices of 12: a slice lasts at least 1 ms." },
        { new() { OwnedStripes = -1 }, "OwnedStripes is -1: from 0 to 1024." },
        { new() { OwnedStripes = 1025 }, "OwnedStripes is 1025" },
        { new() { ExpectedInterval = TimeSpan.Zero }, "ExpectedInterval is 00:00:00: from 100 µs to 1 h, or null." },
        { new() { ExpectedInterval = TimeSpan.FromHours(2) }, "ExpectedInterval is 02:00:00" },
        { new() { ExpectedInterval = TimeSpan.FromTicks(-1) }, "ExpectedInterval is -" },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void WhenAnOptionIsOutOfRange_TheErrorSaysWhichAndWhy(PercentileTrackerOptions options, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => new PercentileTracker(options)).Message, StringComparison.Ordinal);

    [Fact]
    public void WhenOptionsAreAtTheirEnds_TheyAreTaken()
    {
        PercentileTrackerOptions[] ends =
        [
            new() { Slices = 1, Window = TimeSpan.FromMilliseconds(1), OwnedStripes = 0 },
            new() { Slices = 120, Window = TimeSpan.FromDays(1), OwnedStripes = 1024, ExpectedInterval = TimeSpan.FromHours(1) },
        ];
        foreach (var tracker in ends.Select(options => new PercentileTracker(options)))
        {
            tracker.Record(TimeSpan.FromMilliseconds(5));
            Assert.InRange(tracker.GetPercentiles([], []).Count, 0, 1);
        }
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(11, 1)]
    [InlineData(19.9, 1)]
    [InlineData(20, 2)]
    [InlineData(105, 10)]
    [InlineData(3_000_000, 300_000)]
    public void WhenADurationIsLongerThanTheExpectedInterval_TheHeldUpAreRecordedToo(double milliseconds, int records)
    {
        var tracker = new PercentileTracker(new() { TimeProvider = new ManualClock(), ExpectedInterval = TimeSpan.FromMilliseconds(10) });
        var other = new PercentileTracker(new() { TimeProvider = new ManualClock() });
        var duration = TimeSpan.FromMilliseconds(milliseconds);
        tracker.Record(duration);
        for (var missing = duration; missing >= TimeSpan.FromMilliseconds(10) || missing == duration; missing -= TimeSpan.FromMilliseconds(10))
        {
            other.Record(missing);
        }

        var (corrected, expected) = (new LatencyHistogram(), new LatencyHistogram());
        Assert.Equal(records, tracker.CopyTo(corrected).Count);
        other.CopyTo(expected);
        Assert.True(corrected.Counts.SequenceEqual(expected.Counts));
    }

    [Fact]
    public void WhenADurationIsAbsurdlyLong_TheCorrectionEndsAtTheTopOfTheRange()
    {
        var tracker = new PercentileTracker(new() { TimeProvider = new ManualClock(), ExpectedInterval = TimeSpan.FromMicroseconds(100) });
        tracker.Record(TimeSpan.MaxValue);
        tracker.RecordNanoseconds(long.MaxValue, tracker.Start());
        Assert.Equal(2 * 36_077_725, tracker.GetPercentiles([], []).Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData((1 << 24) + 1)]
    public void WhenACountWindowIsOutOfRange_TheErrorSaysWhy(int records) => Assert.Contains(
        $"records is {records}: from 1 to 16777216.",
        Assert.Throws<ArgumentOutOfRangeException>(() => new CountPercentileTracker(records)).Message, StringComparison.Ordinal);
}
