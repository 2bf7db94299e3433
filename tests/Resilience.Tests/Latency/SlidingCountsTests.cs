using FsCheck;
using FsCheck.Fluent;

namespace Resilience.Tests.Latency;

/// <summary>The window of time, one thread: totals slice by slice, idleness, clocks of every kind, and wraps.</summary>
public sealed class SlidingCountsTests
{
    private const long Slice = 100;
    private readonly BentClock _clock = new();

    // Slices of a second are read by the coarse clock.
    [Theory]
    [InlineData(Slice)]
    [InlineData(10_000_000 * Slice)]
    public void WhenOperationsAreRandom_EveryReadingIsThatOfAListOfRecords(long slice)
    {
        var step = Gen.Frequency(
            (3, Gen.Choose(0, 2_000_000).Select(value => (Kind: 0, Value: value))),
            (3, Gen.Choose(0, 30).Select(power => (Kind: 0, Value: 1 << power))),
            (3, Gen.Choose(0, 3).Select(value => (Kind: 1, Value: value))),
            (1, Gen.Choose(0, 40).Select(value => (Kind: 1, Value: value))),
            (3, Gen.Choose(1, 5).Select(value => (Kind: 2, Value: value))));
        Check.One(
            Samples.Config($"window of slices of {slice} ns", 1_000),
            Prop.ForAll(Gen.Choose(1, 6).ToArbitrary(), Gen.ListOf(step).ToArbitrary(), (slices, steps) => Agrees(slice, slices, steps)));
    }

    [Fact]
    public void WhenIdleForTheWindow_NothingIsRead()
    {
        var window = Window(4);
        Put(window, 1000);
        Pass(400);
        Assert.Equal((0, 300), Take(window, 400));
        Pass(100_000);
        Assert.Equal((0, 300), Take(window, 400));
    }

    [Fact]
    public void WhenSlicesPassUnused_TheirBoundariesCountAsFound()
    {
        var window = Window(4);
        Put(window, 1000);
        Pass(250);
        Put(window, 1000);

        // Nothing was recorded at 100, so the reading over two slices starts there although the first snapshot is of 200.
        Assert.Equal((2, 250), Take(window, 400));
        Pass(60);
        Assert.Equal((1, 110), Take(window, 200));
        Assert.Equal((1, 210), Take(window, 300));
    }

    [Fact]
    public void WhenTheClockStops_TheSliceNeverEnds()
    {
        var window = Window(2);
        for (var i = 0; i < 10_000; i++)
        {
            Put(window, i);
        }

        Assert.Equal((10_000, 0), Take(window, 200));
    }

    [Fact]
    public void WhenTheClockGoesBack_TimeStandsStillUntilItHasCaughtUp()
    {
        var window = Window(3);
        _clock.Now = 250;
        window.Record(Lanes.None, 7, 250);
        _clock.Now = 20;
        window.Record(Lanes.None, 7, 20);
        Assert.Equal((2, 200), Take(window, 300));
        _clock.Now = 310;
        Assert.Equal((2, 210), Take(window, 300));
        _clock.Now = 500;
        Assert.Equal((0, 200), Take(window, 300));
    }

    [Fact]
    public void WhenTheClockGoesBackInLongSlices_TimeStandsStillUntilItHasCaughtUp()
    {
        const long Second = 1_000_000_000;
        var window = new SlidingCounts<Production>(Clock.For(_clock), Second, 3, Buckets.Length, 0);
        _clock.Now = 25 * Second / 10;
        window.Record(Lanes.None, 7, _clock.Now);
        _clock.Now = 2 * Second / 10;
        window.Record(Lanes.None, 7, _clock.Now);
        Assert.Equal((2, 2 * Second), Take(window, 3 * Second));
        _clock.Now = 31 * Second / 10;
        Assert.Equal((2, 21 * Second / 10), Take(window, 3 * Second));
        _clock.Now = 5 * Second;
        Assert.Equal((0, 2 * Second), Take(window, 3 * Second));
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(long.MaxValue)]
    public void WhenTheClockLeapsAhead_TheWindowIsEmptyAndUsable(long now)
    {
        var window = Window(3);
        window.Record(Lanes.None, 7, 0);
        _clock.Now = now;
        Assert.Equal(0, Take(window, 300).Count);
        window.Record(Lanes.None, 7, now);
        window.Record(Lanes.None, 7, now);
        Assert.Equal(2, Take(window, 300).Count);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(12_345_678)]
    public void WhenAReadingGivenIsNonsense_TheWindowsOwnClockDecides(long now)
    {
        var window = Window(3);
        window.Record(Lanes.None, 7, now);
        Pass(150);
        window.Record(Lanes.None, 7, now);
        Assert.Equal((2, 150), Take(window, 300));
    }

    [Fact]
    public void WhenFreeRunningCountsPassTheirWidth_DifferencesStayRight()
    {
        var window = Window(3);
        for (var i = 0; i < 20; i++)
        {
            window.Record(Lanes.None, 7, 1_500_000_000, _clock.Now);
            Pass(100);
        }

        // Two slices and the empty running one: three thousand million, fewer than wrap.
        Assert.Equal((3_000_000_000, 200), Take(window, 300));
    }

    [Fact]
    public void WhenABucketWrapsWithinTheWindow_AShorterIntervalIsReadAndSaid()
    {
        var window = Window(5);
        for (var i = 0; i < 5; i++)
        {
            window.Record(Lanes.None, 7, 1_500_000_000, _clock.Now);
            Pass(100);
        }

        // Four slices hold 6,000 million, three 4,500 million: both more than 32 bits can tell.
        Assert.Equal((3_000_000_000, 200), Take(window, 500));
        Assert.Equal(5 * 1_500_000_000UL, window.Ring.Total);
    }

    [Fact]
    public void WhenABlockHoldsMoreThan32BitsTell_QuantilesAreStillThoseOfAllRecords()
    {
        var window = Window(5);
        for (var i = 0; i < 4; i++)
        {
            window.Record(Lanes.None, 70 + i, 1_500_000_000, _clock.Now);
            Pass(100);
        }

        window.Record(Lanes.None, Buckets.Overflow, 1_500_000_000, _clock.Now);
        var (count, overflowed, found) = Ask(window, 500, [0, 0.5, 0.8, 1]);
        Assert.Equal((7_500_000_000, 1_500_000_000), (count, overflowed));
        Assert.Equal([Buckets.Report(70), Buckets.Report(72), Buckets.Report(73), Buckets.Limit], found);
    }

    [Fact]
    public void WhenAQuantileIsMinusZero_ItIsTheFirstRecord()
    {
        var window = Window(3);
        Put(window, 1000);
        Put(window, 2000);
        Assert.Equal([Buckets.Report(Buckets.IndexOf(1000))], Ask(window, 300, [-0.0]).Found);
    }

    [Fact]
    public void WhenThePlaceOfABoundaryIsTaken_TheNextOneIsUsedAndSaid()
    {
        var window = Window(3);
        Put(window, 1000);
        Pass(100);

        // A writer of a whole ring ago still holds the place of slice 1.
        window.Ring.Places[1].Tag = Snapshot.Writing;
        Put(window, 1000);
        Pass(100);
        Put(window, 1000);
        Pass(150);
        Put(window, 1000);
        Assert.Equal((2, 150), Take(window, 300));
        Assert.Equal(4UL, window.Ring.Total + 1);
    }

    [Fact]
    public void WhenASnapshotIsTheOneOfALaterRing_AnOldWriterLeavesIt()
    {
        var window = Window(3);
        Assert.False(window.Ring.TryBegin(-4, out _));
        Assert.Equal(0, window.Ring.Places[0].Tag);
    }

    private static (long Count, long Covered) Take(SlidingCounts<Production> window, long over)
    {
        var (counts, sums) = (new uint[Buckets.Length], new ulong[Buckets.Blocks]);
        var query = new WholeCounts<Production>(counts, sums);
        var coverage = window.Read(over, ref query);
        Assert.Equal(counts.Sum(count => (long)count), sums.Sum(sum => (long)sum));
        return (new Distribution(counts, sums).Count, coverage.To - coverage.From);
    }

    private static (long Count, long Overflowed, long[] Found) Ask(SlidingCounts<Production> window, long over, double[] quantiles)
    {
        var found = new long[quantiles.Length];
        var query = new FewQuantiles<Production>(quantiles, found, new uint[Buckets.Blocks * CountBlock.WithRows], new uint[Buckets.Blocks]);
        window.Read(over, ref query);
        return (query.Count, query.Overflowed, found);
    }

    private static bool Agrees(long slice, int slices, IEnumerable<(int Kind, int Value)> steps)
    {
        var clock = new BentClock();
        var window = new SlidingCounts<Production>(Clock.For(clock), slice, slices, Buckets.Length, 0);
        var records = new List<(long Time, int Index)>();
        foreach (var (kind, value) in steps)
        {
            switch (kind)
            {
                case 0:
                    records.Add((clock.Now, Buckets.IndexOf(value)));
                    window.Record(Lanes.None, Buckets.IndexOf(value), clock.Now);
                    break;
                case 1:
                    clock.Now += value * slice * 3 / 10;
                    break;
                default:
                    var (counts, sums) = (new uint[Buckets.Length], new ulong[Buckets.Blocks]);
                    var over = Math.Min(value, slices) * slice;
                    var query = new WholeCounts<Production>(counts, sums);
                    var coverage = window.Read(over, ref query);
                    var running = clock.Now / slice;
                    var from = Math.Max(Math.Max(0, running - slices + 1), (clock.Now - over + slice - 1) / slice) * slice;
                    var expected = new uint[Buckets.Length];
                    records.Where(record => record.Time >= from).ToList().ForEach(record => expected[record.Index]++);
                    double[] quantiles = [0.5, 0.9, 0, 1, 0.99, 1.0 / value, 0.25];
                    var all = new Distribution(counts, sums);
                    var nanoseconds = new long[quantiles.Length];
                    all.Find(quantiles, nanoseconds);
                    var (count, overflowed, found) = Ask(window, over, quantiles);
                    if ((count, overflowed) != (all.Count, all.Overflowed) || !found.SequenceEqual(nanoseconds))
                    {
                        return false;
                    }

                    if (!counts.SequenceEqual(expected) || (coverage.From, coverage.To, coverage.Blur) != (from, clock.Now, 0))
                    {
                        return false;
                    }

                    break;
            }
        }

        return true;
    }

    private SlidingCounts<Production> Window(int slices) => new(Clock.For(_clock), Slice, slices, Buckets.Length, 0);

    private void Put(SlidingCounts<Production> window, long nanoseconds) => window.Record(Lanes.None, Buckets.IndexOf(nanoseconds), _clock.Now);

    private void Pass(long nanoseconds) => _clock.Now += nanoseconds;
}
