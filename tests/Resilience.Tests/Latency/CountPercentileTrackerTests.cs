using FsCheck;
using FsCheck.Fluent;

namespace Resilience.Tests.Latency;

/// <summary>The tracker of the last records.</summary>
public sealed class CountPercentileTrackerTests
{
    [Fact]
    public void WhenComparedWithTheEndOfASortedList_EveryAnswerIsWithinTheStatedError() => Check.One(
        Samples.Config("count tracker"), Prop.ForAll(Samples.Lists, Gen.Choose(1, 300).ToArbitrary(), (list, records) =>
        {
            var tracker = new CountPercentileTracker(records);
            Array.ForEach(list, tracker.RecordNanoseconds);
            var sorted = list.TakeLast(records).Order().ToArray();
            double[] quantiles = [1, 0.5, 0, 0.99];
            var values = new TimeSpan[4];
            var summary = tracker.GetSummary(quantiles, values);
            return summary.Reading == new WindowReading(sorted.Length, 0, TimeSpan.Zero, TimeSpan.Zero)
                && (summary.Max, summary.Min) == (values[0], values[2])
                && quantiles.Zip(values).All(pair => IsNear(pair.Second, Samples.Exact(sorted, pair.First)));
        }));

    [Fact]
    public void WhenTheWindowIsFull_TheOldestGoes()
    {
        IPercentileTracker tracker = new CountPercentileTracker(3);
        for (var i = 1; i <= 5; i++)
        {
            tracker.Record(TimeSpan.FromMilliseconds(i * 10));
        }

        var histogram = new LatencyHistogram();
        Assert.Equal(3, tracker.CopyTo(histogram).Count);
        Assert.Equal(30, histogram.Min.TotalMilliseconds, 0.3);
        Assert.Equal(50, tracker.GetPercentile(1).TotalMilliseconds, 0.5);
        Assert.Equal(1 / 3.0, tracker.GetShareBelow(TimeSpan.FromMilliseconds(40)));
        Assert.Throws<ArgumentOutOfRangeException>(() => tracker.GetPercentile(double.NaN));
        Assert.Throws<ArgumentException>(() => tracker.GetPercentiles([0.5], []));
    }

    [Fact]
    public void WhenRecordingAndAsking_NothingIsAllocated()
    {
        var tracker = new CountPercentileTracker(100);
        Allocations.AssertNone(i =>
        {
            Span<TimeSpan> values = stackalloc TimeSpan[2];
            tracker.Record((long)i);
            tracker.GetPercentiles([0.5, 0.99], values);
        });
        Assert.Equal(100, tracker.Records);
    }

    private static bool IsNear(TimeSpan value, long truth) => Math.Abs((value.Ticks * 100) - truth) <= 52 + (truth * 0.0079);
}
