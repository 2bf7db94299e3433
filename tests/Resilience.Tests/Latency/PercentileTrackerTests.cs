using FsCheck;
using FsCheck.Fluent;
using Resilience.Testing;

namespace Resilience.Tests.Latency;

/// <summary>The tracker as its users see it, over a manual clock.</summary>
public sealed class PercentileTrackerTests
{
    private static readonly double[] s_quantiles = [0, 0.5, 0.9, 0.99, 0.999, 1];
    private readonly ManualClock _clock = new();

    [Fact]
    public void WhenComparedWithASortedList_EveryQuantileIsWithinTheStatedError() => Check.One(
        Samples.Config("tracker"), Prop.ForAll(Samples.Lists, Gen.ArrayOf(Samples.Quantiles.Generator).ToArbitrary(), (list, quantiles) =>
        {
            var tracker = Make();
            var now = tracker.Start();
            Array.ForEach(list, value => tracker.RecordNanoseconds(value, now));
            var sorted = list.Order().ToArray();
            var (values, spans) = (new long[quantiles.Length], new TimeSpan[quantiles.Length]);
            var reading = tracker.GetNanoseconds(quantiles, values);
            tracker.GetPercentiles(quantiles, spans);
            return reading.Count == list.Length
                && quantiles.Zip(values).All(pair => Samples.IsNear(pair.Second, Samples.Exact(sorted, pair.First)))
                && values.Zip(spans).All(pair => Math.Abs(pair.First - (pair.Second.Ticks * 100)) <= 50);
        }));

    [Fact]
    public void WhenSummarized_LeastMeanAndGreatestAgreeWithTheQuantiles() => Check.One(
        Samples.Config("summary"), Prop.ForAll(Samples.Lists, list =>
        {
            var tracker = Make();
            Array.ForEach(list, value => tracker.RecordNanoseconds(value, tracker.Start()));
            var values = new TimeSpan[s_quantiles.Length];
            var summary = tracker.GetSummary(s_quantiles, values);
            var mean = list.Average();
            return values.SequenceEqual(values.Order()) && summary.Min == values[0] && summary.Max == values[^1]
                && summary.Min <= summary.Mean && summary.Mean <= summary.Max
                && Math.Abs((summary.Mean.Ticks * 100) - mean) <= (mean * 0.0079) + 52;
        }));

    [Fact]
    public void WhenALogIsReplayed_EveryWindowHasTheTotalsOfItsIntervals()
    {
        // Seconds of very different weight, with idle ones between, as a real log has.
        var random = new Random(11);
        var tracker = Make();
        var perSecond = new List<long[]>();
        for (var second = 0; second < 300; second++)
        {
            perSecond.Add(random.Next(5) == 0 ? [] : Samples.Make(random, random.Next(6), random.Next(1, 800)));
            Array.ForEach(perSecond[^1], value => tracker.RecordNanoseconds(value, tracker.Start()));
            _clock.Advance(TimeSpan.FromSeconds(1));

            // A minute in twelve slices: the whole slices of five seconds, and the running one.
            var running = perSecond.Count / 5 * 5;
            var inside = perSecond.Skip(Math.Max(0, running - 55)).SelectMany(values => values).ToArray();
            var values = new long[s_quantiles.Length];
            var reading = tracker.GetNanoseconds(s_quantiles, values);
            Assert.Equal(inside.Length, reading.Count);
            Assert.Equal(TimeSpan.FromSeconds(perSecond.Count - Math.Max(0, running - 55)), reading.Covered);
            Array.Sort(inside);
            Assert.All(s_quantiles.Zip(values), pair => Assert.True(inside.Length == 0 || Samples.IsNear(pair.Second, Samples.Exact(inside, pair.First))));
        }
    }

    [Fact]
    public void WhenAskedOverLess_OnlyTheEndOfTheWindowCounts()
    {
        var tracker = Make();
        for (var second = 0; second < 60; second++)
        {
            tracker.Record(TimeSpan.FromMilliseconds(second));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        var least = new TimeSpan[1];
        Assert.Equal((10, 10), Ask(10));
        Assert.Equal(50, least[0].TotalMilliseconds, 0.5);
        Assert.Equal((5, 5), Ask(5));
        Assert.Equal((55, 55), Ask(60));
        Assert.Contains("00:00:05", Assert.Throws<ArgumentOutOfRangeException>(() => Ask(4)).Message, StringComparison.Ordinal);
        Assert.Contains("00:01:00", Assert.Throws<ArgumentOutOfRangeException>(() => Ask(61)).Message, StringComparison.Ordinal);

        (long, double) Ask(int seconds)
        {
            var reading = tracker.GetPercentiles(TimeSpan.FromSeconds(seconds), [0.0], least);
            return (reading.Count, reading.Covered.TotalSeconds);
        }
    }

    [Fact]
    public void WhenASliceIsNoWholeTick_TheLengthThatTheErrorNamesIsTaken()
    {
        var tracker = new PercentileTracker(new() { TimeProvider = _clock, Window = TimeSpan.FromSeconds(1), Slices = 7 });
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => tracker.GetPercentiles(TimeSpan.FromTicks(1_428_570), [], []));
        Assert.Contains("from a slice of 00:00:00.1428571 to", error.Message, StringComparison.Ordinal);
        tracker.Record(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, tracker.GetPercentiles(TimeSpan.FromTicks(1_428_571), [], []).Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(-1_000_000_000_000_000)]
    public void WhenTheProviderCountsFromAnywhere_StampsMeasure_AndAWindowIsNoLongerThanItself(long start)
    {
        var clock = new BentClock { Now = start };
        var tracker = new PercentileTracker(new() { TimeProvider = clock });
        var stamp = tracker.Start();
        clock.Pass(400_000_000);
        tracker.Record(stamp);
        var reading = tracker.GetSummary([], []);
        Assert.Equal(1, reading.Reading.Count);
        Assert.Equal(400, reading.Max.TotalMilliseconds, 3.2);
        Assert.Equal(TimeSpan.FromMilliseconds(400), reading.Reading.Covered);

        // Before where it began: time stands still.
        foreach (var before in new[] { start - 2_000_000_000, long.MinValue })
        {
            clock.Now = before;
            tracker.Record(tracker.Start());
            Assert.InRange(tracker.GetPercentiles([], []).Covered, TimeSpan.Zero, tracker.Window);
        }

        Assert.Equal(3, tracker.GetPercentiles([], []).Count);
    }

    [Fact]
    public void WhenNothingWasRecorded_AnswersAreZeros()
    {
        var tracker = Make();
        TimeSpan[] values = [TimeSpan.MaxValue];
        Assert.Equal(default, tracker.GetPercentiles([0.5], values));
        Assert.Equal([TimeSpan.Zero], values);
        Assert.Equal(TimeSpan.Zero, tracker.GetPercentile(0.99));
        Assert.Equal(default, tracker.GetSummary([], []));
        Assert.True(double.IsNaN(tracker.GetShareBelow(TimeSpan.MaxValue)));
    }

    [Fact]
    public void WhenIdleForLongerThanTheWindow_TheTrackerIsEmpty()
    {
        var tracker = Make();
        tracker.Record(TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromSeconds(60.0001));
        Assert.Equal(0, tracker.GetPercentiles([], []).Count);
        tracker.Record(TimeSpan.FromSeconds(2));
        Assert.Equal(1, tracker.GetPercentiles([], []).Count);
    }

    [Fact]
    public void WhenMeasuredByStamps_TheDurationIsTheTimeBetween()
    {
        var tracker = Make();
        var start = tracker.Start();
        _clock.Advance(TimeSpan.FromMilliseconds(80));
        tracker.Record(start);
        _clock.Advance(TimeSpan.FromMilliseconds(40));
        tracker.Record(start, tracker.Start());
        tracker.Record(tracker.Start(), start);
        Assert.Equal(0, tracker.GetPercentile(0).TotalMilliseconds);
        Assert.Equal(80, tracker.GetPercentile(0.5).TotalMilliseconds, 0.64);
        Assert.Equal(120, tracker.GetPercentile(1).TotalMilliseconds, 0.95);
        Assert.Throws<ArgumentException>(() => tracker.Record(default(LatencyStamp)));
        Assert.Throws<ArgumentException>(() => tracker.Record(start, default));
        Assert.Equal(3, tracker.GetPercentiles([], []).Count);
    }

    [Fact]
    public void WhenAReadingOfThePipelinesClockIsAtHand_ItIsEnough()
    {
        var tracker = Make();
        var clock = Clock.For(_clock);
        tracker.RecordAt(TimeSpan.TicksPerMillisecond, clock.Fine);
        _clock.Advance(TimeSpan.FromSeconds(62));
        tracker.RecordAt(TimeSpan.TicksPerMillisecond, clock.Fine);
        Assert.Equal(1, tracker.GetPercentiles([], []).Count);
    }

    [Fact]
    public void WhenDurationsAreAbsurd_TheyCountAtTheEnds()
    {
        var tracker = Make();
        tracker.Record(TimeSpan.MinValue);
        tracker.Record(-1L);
        tracker.Record(TimeSpan.Zero);
        tracker.Record(TimeSpan.MaxValue);
        tracker.Record(long.MaxValue, tracker.Start());
        var summary = tracker.GetSummary([], []);
        Assert.Equal((5, 2), (summary.Reading.Count, summary.Reading.Overflowed));
        Assert.Equal((TimeSpan.Zero, 3607), (summary.Min, (int)summary.Max.TotalSeconds));
        Assert.Equal(0.6, tracker.GetShareBelow(TimeSpan.FromHours(1)));
    }

    [Fact]
    public void WhenAskedWhatShareWasFaster_TheAnswerIsThatOfItsBucket()
    {
        var tracker = Make();
        for (var i = 1; i <= 200; i++)
        {
            tracker.Record(TimeSpan.FromMilliseconds(i));
        }

        Assert.InRange(tracker.GetShareBelow(TimeSpan.FromMilliseconds(100)), 0.485, 0.495);
        Assert.Equal(0, tracker.GetShareBelow(TimeSpan.Zero));
        Assert.Equal(0, tracker.GetShareBelow(TimeSpan.MinValue));
        Assert.Equal(1, tracker.GetShareBelow(TimeSpan.MaxValue));
    }

    [Fact]
    public void WhenCopiedToAHistogram_ItHoldsTheWindow()
    {
        var (tracker, histogram) = (Make(), LatencyHistogramTests.Fill([1, 2, 3]));
        for (var i = 1; i <= 1_000; i++)
        {
            tracker.Record(TimeSpan.FromMilliseconds(i));
        }

        Assert.Equal(1_000, tracker.CopyTo(histogram).Count);
        var summary = tracker.GetSummary([], []);
        Assert.Equal((1_000, summary.Min, summary.Max), (histogram.Count, histogram.Min, histogram.Max));
        Assert.Equal(summary.Mean.TotalMilliseconds, histogram.Mean.TotalMilliseconds, 0.001);
        Assert.Equal(tracker.GetPercentile(0.5), histogram.GetPercentile(0.5));

        // What was copied is a histogram like any other: it can be sent and taken away again.
        var bytes = new byte[LatencyHistogram.MaxSnapshotLength];
        Assert.True(histogram.TryWriteSnapshot(bytes, out var written));
        new LatencyHistogram().Restore(bytes.AsSpan(0, written));
        Make().CopyTo(histogram);
        Assert.Equal((0, TimeSpan.Zero), (histogram.Count, histogram.Max));
    }

    [Fact]
    public void WhenRecordingAndAsking_NothingIsAllocated()
    {
        var tracker = Make();
        var start = tracker.Start();
        Allocations.AssertNone(i =>
        {
            Span<TimeSpan> values = stackalloc TimeSpan[5];
            _clock.Advance(TimeSpan.FromMilliseconds(50));
            tracker.Record(i);
            tracker.Record(start);
            tracker.GetPercentiles([0.5, 0.9, 0.95, 0.99, 0.999], values);
            tracker.GetSummary([0.5], values[..1]);
            _ = tracker.GetShareBelow(values[0]);
        });
    }

    [Fact]
    public void WhenDurationsLieOnBothSidesOfABlocksEdge_EachIsReadWhicheverCameFirst()
    {
        for (var block = 1; block < Buckets.Blocks; block++)
        {
            var edge = Buckets.Low(block * Buckets.PerOctave);
            var tick = (edge + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick;
            Both((tracker, nanoseconds) => tracker.RecordNanoseconds(nanoseconds, tracker.Start()), edge - 1, edge, 1);
            Both((tracker, ticks) => tracker.Record(ticks, tracker.Start()), tick - 1, tick, TimeSpan.NanosecondsPerTick);
        }

        static void Both(Action<PercentileTracker, long> record, long below, long above, long unit)
        {
            long[] expected = [Told(below * unit), Told(above * unit)];
            foreach (var order in (long[][])[[below, above], [above, below]])
            {
                var tracker = new PercentileTracker(new() { OwnedStripes = 0, Slices = 2 });
                Array.ForEach(order, duration => record(tracker, duration));
                var found = new long[2];
                Assert.Equal(2, tracker.GetNanoseconds([0, 1], found).Count);
                Assert.Equal(expected, found);
            }
        }

        static long Told(long nanoseconds) => Buckets.Report(Buckets.IndexOf(nanoseconds));
    }

    [Fact]
    public void WhenTwelveSlicesAreMade_TheyFitIn128KiB()
    {
        var tracker = new PercentileTracker(new() { OwnedStripes = 0 });
        Interleaving.Suite.Report("memory", $"12 slices: {tracker.SizeInBytes - 8_988:N0} B, and 8,988 B a stripe");
        Assert.InRange(tracker.SizeInBytes - 8_988, 0, 128 * 1024);
    }

    private PercentileTracker Make() => new(new() { TimeProvider = _clock });
}
