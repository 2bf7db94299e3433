using FsCheck;
using FsCheck.Fluent;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Latency;

/// <summary>The layout: every nanosecond of the range has one bucket, buckets follow one another, and what is reported is near.</summary>
public sealed class BucketsTests
{
    [Fact]
    public void WhenEveryBucketIsWalked_TheyAreContiguousAndRoundTrip()
    {
        var next = 0L;
        for (var i = 0; i < Buckets.Count; i++)
        {
            Assert.Equal(next, Buckets.Low(i));
            next += Buckets.Width(i);
            Assert.Equal(i, Buckets.IndexOf(Buckets.Low(i)));
            Assert.Equal(i, Buckets.IndexOf(next - 1));
        }

        Assert.Equal(Buckets.Limit, next);
        Assert.Equal(2217, Buckets.Count);
        Assert.True(next >= TimeSpan.FromHours(1).TotalNanoseconds);
        Suite.Report("buckets", $"{Buckets.Count} of 32 bits, {Buckets.Count * sizeof(uint) / 1024.0:F2} KiB, up to {next / 1e9:F2} s");
    }

    [Fact]
    public void WhenABucketIsReported_ItsEdgesAreWithinTheStatedError()
    {
        var (worst, near) = (0.0, 0L);
        for (var i = 0; i < Buckets.Count; i++)
        {
            var (low, high, report) = (Buckets.Low(i), Buckets.Low(i) + Buckets.Width(i) - 1, Buckets.Report(i));
            Assert.InRange(report, low, high);
            if (low < 256)
            {
                near = Math.Max(near, Math.Max(report - low, high - report));
                continue;
            }

            worst = Math.Max(worst, Math.Max((report - low) / (double)low, (high - report) / (double)high));
        }

        Suite.Report("error", $"{worst:P4} from 256 ns, {near} ns below");
        Assert.True(worst <= 0.0079);
        Assert.True(near <= 2);
    }

    [Theory]
    [InlineData(long.MinValue, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(3, 0)]
    [InlineData(4, 1)]
    [InlineData(Buckets.Limit - 1, Buckets.Count - 1)]
    [InlineData(Buckets.Limit, Buckets.Overflow)]
    [InlineData(long.MaxValue, Buckets.Overflow)]
    public void WhenADurationIsAtAnEnd_ItsBucketIsTheStatedOne(long nanoseconds, int index) => Assert.Equal(index, Buckets.IndexOf(nanoseconds));

    [Theory]
    [InlineData(long.MinValue, 0)]
    [InlineData(-1, 0)]
    [InlineData(1, 25)]
    [InlineData(36_077_725_286, Buckets.Count - 1)]
    [InlineData(36_077_725_287, Buckets.Overflow)]
    [InlineData(long.MaxValue, Buckets.Overflow)]
    public void WhenTicksAreAtAnEnd_TheirBucketIsTheStatedOne(long ticks, int index) => Assert.Equal(index, Buckets.IndexOfTicks(ticks));

    [Fact]
    public void WhenTicksAndNanosecondsSayTheSame_TheBucketIsTheSame() =>
        Check.One(Samples.Config("ticks", 2_000), Prop.ForAll(Gen.Choose(0, 1 << 19).SelectMany(high => Gen.Choose(0, 1 << 16).Select(low => ((long)high << 16) | (uint)low)).ToArbitrary(), ticks =>
            Buckets.IndexOfTicks(ticks) == Buckets.IndexOf(ticks * 100) && Buckets.IndexOf(Buckets.ToNanoseconds(ticks)) == Buckets.IndexOfTicks(ticks)));

    [Fact]
    public void WhenADurationBelowEightMicrosecondsIsGivenInTicks_ItReadsBackExactly()
    {
        for (var ticks = 0; ticks < 82; ticks++)
        {
            Assert.Equal(ticks, Buckets.ToTimeSpan(Buckets.Report(Buckets.IndexOfTicks(ticks))).Ticks);
        }
    }
}
