using Resilience.Testing;

namespace Resilience.Tests.Latency;

/// <summary>The text form, character by character.</summary>
public sealed class LatencyTextTests
{
    [Fact]
    public void WhenDurationsSpreadOverOctaves_TheLineHasABarForEach()
    {
        var histogram = LatencyHistogramTests.Fill([.. Enumerable.Repeat(1_000_000L, 80), .. Enumerable.Repeat(2_500_000L, 41), 20_000_000]);
        Assert.Equal("p50 1.00 ms  p99 2.51 ms  n 122  1.00 ms █ ▅  ▁ 20.0 ms", histogram.ToString());
        Assert.Equal(histogram.ToString(), $"{histogram:L}");
    }

    [Fact]
    public void WhenWrittenAsATable_TheColumnsAreOfFixedWidth()
    {
        var histogram = LatencyHistogramTests.Fill(Enumerable.Range(1, 10_000).Select(i => i * 100_000L));
        Assert.Equal(
            "         count      min     mean      p50      p90      p99    p99.9      max\n" +
            "        10,000   100 µs   500 ms   501 ms   902 ms   994 ms   1.00 s   1.00 s",
            histogram.ToString("T", null));
        Assert.Equal(histogram.ToString("T", null).Length, new LatencyHistogram().ToString("T", null).Length);
        histogram.Record(TimeSpan.MaxValue);
        Assert.EndsWith(" 106752 d", histogram.ToString("T", null), StringComparison.Ordinal);
        Assert.Equal(histogram.ToString("T", null).Length, new LatencyHistogram().ToString("T", null).Length);
    }

    [Theory]
    [InlineData(0, "0 ns")]
    [InlineData(120, "100 ns")]
    [InlineData(999_400, "999 µs")]
    [InlineData(999_600, "1.00 ms")]
    [InlineData(9_994_000, "9.99 ms")]
    [InlineData(9_996_000, "10.0 ms")]
    [InlineData(99_960_000, "100 ms")]
    [InlineData(61_000_000_000, "61.0 s")]
    [InlineData(3_600_000_000_000, "3600 s")]
    [InlineData(999_999_000_000_000, "999999 s")]
    [InlineData(999_999_900_000_000, "11.6 d")]
    [InlineData(long.MaxValue, "106752 d")]
    public void WhenADurationIsWritten_ItHasThreeDigitsAndAUnit(long nanoseconds, string text) =>
        Assert.EndsWith(" " + text, LatencyHistogramTests.Fill([nanoseconds]).ToString(), StringComparison.Ordinal);

    [Fact]
    public void WhenNothingWasRecorded_TheLineSaysSo()
    {
        Assert.Equal("p50    0 ns  p99    0 ns  n 0", new LatencyHistogram().ToString());
        Assert.Equal("p50    0 ns  p99    0 ns  n 0", new CountPercentileTracker(5).ToString());
        Assert.Equal("p50    0 ns  p99    0 ns  n 0", new PercentileTracker().ToString());
    }

    [Fact]
    public void WhenTrackersAreWritten_TheyReadAsTheirWindow()
    {
        var time = new PercentileTracker(new() { TimeProvider = new ManualClock() });
        var count = new CountPercentileTracker(100);
        foreach (IPercentileTracker tracker in new IPercentileTracker[] { time, count })
        {
            tracker.Record(TimeSpan.FromMilliseconds(5));
            tracker.Record(TimeSpan.FromMilliseconds(9));
        }

        Assert.Equal("p50 5.01 ms  p99 8.98 ms  n 2  5.01 ms ██ 8.98 ms", time.ToString());
        Assert.Equal(time.ToString(), count.ToString());
        Assert.Equal(time.ToString("T", null), $"{count:T}");
    }

    [Fact]
    public void WhenTheRoomIsTooShort_NothingIsSaidToBeWritten()
    {
        var histogram = LatencyHistogramTests.Fill([1_000, 2_000_000]);
        foreach (var format in new[] { "L", "T" })
        {
            var length = histogram.ToString(format, null).Length;
            Assert.False(histogram.TryFormat(new char[length - 1], out var written, format, null));
            Assert.Equal(0, written);
            Assert.True(histogram.TryFormat(new char[length], out written, format, null));
            Assert.Equal(length, written);
        }
    }

    [Fact]
    public void WhenTheFormatIsUnknown_TheErrorNamesIt() =>
        Assert.Contains("\"X\"", Assert.Throws<FormatException>(() => new PercentileTracker().ToString("X", null)).Message, StringComparison.Ordinal);

    [Fact]
    public void WhenDurationsAndCountsAreTheGreatest_TheTextStillFits()
    {
        var histogram = new LatencyHistogram();
        histogram.RecordNanoseconds(long.MaxValue, long.MaxValue - Buckets.Count);
        for (var i = 0; i < Buckets.Count; i++)
        {
            histogram.RecordNanoseconds(Buckets.Low(i));
        }

        Assert.Contains("9,223,372,036,854,775,807", histogram.ToString(), StringComparison.Ordinal);
        Assert.Contains("9,223,372,036,854,775,807", histogram.ToString("T", null), StringComparison.Ordinal);
    }

    [Fact]
    public void WhenWritten_NothingIsAllocated()
    {
        var tracker = new PercentileTracker();
        tracker.Record(TimeSpan.FromMilliseconds(5));
        Allocations.AssertNone(_ =>
        {
            Span<char> text = stackalloc char[256];
            tracker.TryFormat(text, out var _, "T", null);
        });
    }
}
