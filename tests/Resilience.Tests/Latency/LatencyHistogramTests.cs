using FsCheck;
using FsCheck.Fluent;

namespace Resilience.Tests.Latency;

/// <summary>The unwindowed histogram against a sorted list, and its arithmetic.</summary>
public sealed class LatencyHistogramTests
{
    [Fact]
    public void WhenComparedWithASortedList_EveryQuantileIsWithinTheStatedError() => Check.One(
        Samples.Config("sorted list"), Prop.ForAll(Samples.Lists, Gen.ArrayOf(Samples.Quantiles.Generator).ToArbitrary(), (list, quantiles) =>
        {
            var histogram = Fill(list);
            var sorted = list.Order().ToArray();
            var values = new long[quantiles.Length];
            histogram.GetNanoseconds(quantiles, values);
            return quantiles.Zip(values).All(pair => Samples.IsNear(pair.Second, Samples.Exact(sorted, pair.First)));
        }));

    [Fact]
    public void WhenComparedWithASortedList_CountSumAndExtremesAreExact() => Check.One(
        Samples.Config("exact"), Prop.ForAll(Samples.Lists, list =>
        {
            var histogram = Fill(list);
            return histogram.Count == list.Length && histogram.SumNanoseconds == list.Aggregate(UInt128.Zero, (sum, value) => sum + (ulong)value)
                && histogram.MinNanoseconds == list.Min() && histogram.MaxNanoseconds == list.Max()
                && histogram.Min <= histogram.GetPercentile(0) && histogram.GetPercentile(1) <= histogram.Max;
        }));

    [Fact]
    public void WhenADurationIsRanked_TheShareBelowIsThatOfASlightlyLesserOne() => Check.One(
        Samples.Config("share"), Prop.ForAll(Samples.Lists, list =>
        {
            var histogram = Fill(list);
            var at = new TimeSpan(list[^1] / 100);
            var share = histogram.GetShareBelow(at);
            var (most, least) = (list.Count(value => value < at.Ticks * 100), list.Count(value => value < (at.Ticks * 100 * 0.984) - 4));
            return share * list.Length <= most + 1e-6 && share * list.Length >= least - 1e-6;
        }));

    [Fact]
    public void WhenPartsAreMergedAndTakenAway_WhatIsLeftIsTheOther() => Check.One(
        Samples.Config("merge"), Prop.ForAll(Samples.Lists, Samples.Lists, (first, second) =>
        {
            var (whole, part) = (Fill(first), Fill(second));
            whole.Merge(part);
            var both = Fill([.. first, .. second]);
            var merged = Same(whole, both) && whole.MinNanoseconds == both.MinNanoseconds && whole.MaxNanoseconds == both.MaxNanoseconds;
            whole.Subtract(part);
            var left = Fill(first);
            return merged && Same(whole, left) && whole.MinNanoseconds <= left.MinNanoseconds && whole.MaxNanoseconds >= left.MaxNanoseconds
                && Samples.IsNear(whole.MinNanoseconds, left.MinNanoseconds) | Buckets.IndexOf(whole.MinNanoseconds) == Buckets.IndexOf(left.MinNanoseconds);
        }));

    [Fact]
    public void WhenAHistogramIsTakenFromItself_ItIsEmptyAndUsable()
    {
        var histogram = Fill([5, 500, 50_000]);
        histogram.Subtract(histogram);
        Assert.Equal(0, histogram.Count);
        Assert.Equal(TimeSpan.Zero, histogram.GetPercentile(0.99));
        Assert.True(double.IsNaN(histogram.GetShareBelow(TimeSpan.FromSeconds(1))));
        histogram.RecordNanoseconds(777);
        Assert.Equal((777, 777), (histogram.MinNanoseconds, histogram.MaxNanoseconds));
    }

    [Fact]
    public void WhenMergedWithItself_CountsDouble()
    {
        var histogram = Fill([5, 500, 50_000]);
        histogram.Merge(histogram);
        Assert.True(Same(histogram, Fill([5, 5, 500, 500, 50_000, 50_000])));
    }

    [Fact]
    public void WhenWhatIsTakenAwayWasNeverAPart_ItIsRefusedAndNothingChanges()
    {
        var histogram = Fill([1_000, 2_000_000]);
        var error = Assert.Throws<ArgumentException>(() => histogram.Subtract(Fill([3_000])));
        Assert.Contains("holds 1 records from 2976 ns and this histogram 0", error.Message, StringComparison.Ordinal);

        // The same buckets, another sum: only the audit can tell.
        Assert.Throws<ArgumentException>(() => histogram.Subtract(Fill([1_000, 2_031_000])));
        Assert.True(Same(histogram, Fill([1_000, 2_000_000])));
    }

    [Fact]
    public void WhenTheCountIsTheGreatest_OneMoreIsRefusedAndNothingChanges()
    {
        var histogram = new LatencyHistogram();
        histogram.RecordNanoseconds(5, long.MaxValue);
        var before = (histogram.Count, histogram.SumNanoseconds, histogram.MaxNanoseconds);
        Assert.Throws<OverflowException>(() => histogram.RecordNanoseconds(7));
        Assert.Throws<OverflowException>(() => histogram.Record(TimeSpan.FromSeconds(1)));
        Assert.Throws<OverflowException>(() => histogram.RecordNanoseconds(7, 1));
        Assert.Equal(before, (histogram.Count, histogram.SumNanoseconds, histogram.MaxNanoseconds));
    }

    [Fact]
    public void WhenDurationsAreAbsurd_TheyCountAtTheEnds()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(TimeSpan.MinValue);
        histogram.Record(TimeSpan.FromTicks(-1));
        histogram.Record(TimeSpan.Zero);
        histogram.Record(TimeSpan.MaxValue);
        histogram.Record(TimeSpan.FromHours(2));
        Assert.Equal((5, 2), (histogram.Count, histogram.Overflowed));
        Assert.Equal((0, long.MaxValue), (histogram.MinNanoseconds, histogram.MaxNanoseconds));
        Assert.Equal(Buckets.ToTimeSpan(Buckets.Limit), histogram.GetPercentile(0.8));
        Assert.Equal((UInt128)long.MaxValue + 7_200_000_000_000, histogram.SumNanoseconds);
    }

    [Fact]
    public void WhenABucketIsFull_ItStaysFullAndTheCountGoesOn()
    {
        var histogram = new LatencyHistogram();
        histogram.RecordNanoseconds(1000, uint.MaxValue);
        histogram.RecordNanoseconds(1000);
        histogram.RecordNanoseconds(1000, 1L << 40);
        Assert.Equal((1L << 40) + uint.MaxValue + 1, histogram.Count);
        Assert.Equal(1000, histogram.MaxNanoseconds);
        Assert.Equal(TimeSpan.FromTicks(10), histogram.GetPercentile(0.999));
        Assert.Throws<OverflowException>(() => histogram.RecordNanoseconds(1, long.MaxValue));
        Assert.Equal(1000, histogram.MinNanoseconds);
    }

    [Fact]
    public void WhenTimesIsNegative_ItIsRefused_AndWhenZero_NothingChanges()
    {
        var histogram = new LatencyHistogram();
        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.RecordNanoseconds(1, -1));
        histogram.RecordNanoseconds(1, 0);
        Assert.Equal((0, 0), (histogram.Count, histogram.MinNanoseconds));
    }

    [Fact]
    public void WhenReset_NothingIsLeft()
    {
        var histogram = Fill([1, 2, 3]);
        histogram.Reset();
        Assert.True(Same(histogram, new LatencyHistogram()));
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero), (histogram.Min, histogram.Mean, histogram.Max));
    }

    [Fact]
    public void WhenRecordingAndAsking_NothingIsAllocated()
    {
        var histogram = Fill([1_000_000]);
        Allocations.AssertNone(i =>
        {
            Span<TimeSpan> values = stackalloc TimeSpan[2];
            histogram.RecordNanoseconds(i * 1000);
            histogram.GetPercentiles([0.5, 0.99], values);
            _ = histogram.GetShareBelow(values[0]);
        });
    }

    internal static LatencyHistogram Fill(IEnumerable<long> nanoseconds)
    {
        var histogram = new LatencyHistogram();
        foreach (var value in nanoseconds)
        {
            histogram.RecordNanoseconds(value);
        }

        return histogram;
    }

    internal static bool Same(LatencyHistogram a, LatencyHistogram b) =>
        a.Counts.SequenceEqual(b.Counts) && a.Count == b.Count && a.SumNanoseconds == b.SumNanoseconds;
}
