using Resilience.Testing;

namespace Resilience.Tests.Latency;

/// <summary>Who owns what, and that counts outlive their threads.</summary>
public sealed class StripesTests
{
    private const long Stripe = 8_960 + 28;

    // Thirteen snapshots with the sums of their blocks, and the stripe that threads share.
    private const long Shared = (14 * Stripe) + (13 * 35 * 4);

    [Fact]
    public void WhenAllLanesAreHeldByLiveThreads_NoneIsGiven()
    {
        var holders = new Thread?[2];
        Assert.Equal(0, Lanes.Claim(holders, Thread.CurrentThread));
        Assert.Equal(1, Lanes.Claim(holders, Thread.CurrentThread));
        Assert.Equal(Lanes.None, Lanes.Claim(holders, Thread.CurrentThread));
    }

    [Fact]
    public void WhenAHolderEnds_ItsLanePassesOn()
    {
        var holders = new Thread?[1];
        var lane = Lanes.None;
        var thread = new Thread(() => lane = Lanes.Claim(holders, Thread.CurrentThread));
        thread.Start();
        thread.Join();
        Assert.Equal(0, lane);
        Assert.Equal(0, Lanes.Claim(holders, Thread.CurrentThread));
        Assert.Same(Thread.CurrentThread, holders[0]);
    }

    [Fact]
    public void WhenManyThreadsClaimAtOnce_EachLaneHasOneHolder()
    {
        for (var run = 0; run < 200; run++)
        {
            using var claimed = new Barrier(4);
            var holders = new Thread?[2];
            var lanes = new int[4];
            Together.Run(4, id =>
            {
                lanes[id] = Lanes.Claim(holders, Thread.CurrentThread);

                // Nobody ends before all have claimed, or a lane would rightly pass on.
                claimed.SignalAndWait();
            });
            Assert.Equal([Lanes.None, Lanes.None, 0, 1], lanes.Order());
        }
    }

    [Fact]
    public void WhenThreadsComeAndGo_EveryRecordIsKept()
    {
        var tracker = new PercentileTracker();
        for (var generation = 0; generation < 20; generation++)
        {
            Together.Run(4, _ =>
            {
                var now = tracker.Start();
                for (var i = 0; i < 1_000; i++)
                {
                    tracker.Record(10_000L, now);
                }
            });
        }

        Assert.Equal(80_000, tracker.GetPercentiles([], []).Count);
        Assert.InRange(tracker.SizeInBytes, Shared, Shared + (Environment.ProcessorCount * Stripe));
    }

    [Fact]
    public void WhenNoStripeMayBeOwned_AllShareOne()
    {
        var tracker = new PercentileTracker(new() { OwnedStripes = 0 });
        Together.Run(4, _ =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                tracker.Record(TimeSpan.FromMilliseconds(1));
            }
        });
        Assert.Equal(40_000, tracker.GetPercentiles([], []).Count);
        Assert.Equal(Shared, tracker.SizeInBytes);
    }

    [Fact]
    public void WhenNoStripeMayBeOwned_NoThreadIsGivenALaneForIt_ThatAnotherTrackerCouldUse()
    {
        var clock = new ManualClock();
        var tracker = new PercentileTracker(new() { OwnedStripes = 0, TimeProvider = clock, ExpectedInterval = TimeSpan.FromMilliseconds(1) });
        var lanes = new List<int>();
        Together.Run(1, _ =>
        {
            tracker.Record(TimeSpan.FromMilliseconds(3));
            lanes.Add(Lanes.Current);
            clock.Advance(TimeSpan.FromSeconds(5));
            tracker.Record(TimeSpan.FromMilliseconds(1));
            lanes.Add(Lanes.Current);
        });
        Assert.Equal([Lanes.NotAsked, Lanes.NotAsked], lanes);
        Assert.Equal(4, tracker.GetPercentiles([], []).Count);
    }

    [Fact]
    public void WhenBlocksAreTakenIntoUse_TheyAreAllFromTheFirstToTheLast()
    {
        var stripes = new Stripes<Production>(Buckets.Length, 0);
        Assert.True(stripes.Used.First >= stripes.Used.End);
        Assert.Equal((10, 11), Ends(stripes.Use(10 * Buckets.PerOctave)));
        Assert.Equal((10, 11), Ends(stripes.Use((11 * Buckets.PerOctave) - 1)));
        Assert.Equal((10, 35), Ends(stripes.Use(Buckets.Overflow)));
        Assert.Equal((0, 35), Ends(stripes.Use(0)));
        Assert.Equal((0, 35), Ends(stripes.Used));

        static (int First, int End) Ends(BlockRange range) => (range.First, range.End);
    }

    [Fact]
    public unsafe void WhenCountsAreMade_TheyBeginAtAWholeVector()
    {
        // Their sizes shift the next ones by every multiple of eight bytes.
        for (var length = 1; length < 40; length++)
        {
            var counts = new AlignedCounts(length);
            Assert.Equal(0, (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref counts[0]) % 32);
            Assert.Equal(length, counts.Span.Length);
        }
    }

    [Fact]
    public void WhenAThreadWithoutALaneRecordsOn_ItAsksAgain()
    {
        var stripes = new Stripes<Production>(Buckets.Length, 0);
        var lane = Lanes.NotAsked;
        var thread = new Thread(() =>
        {
            // As a thread that was refused: the four thousandth record of a bucket asks again, and gets one or is refused again.
            for (var i = 0; i < 4_096; i++)
            {
                stripes.Add(Lanes.None, 5);
            }

            lane = Lanes.Current;
        });
        thread.Start();
        thread.Join();
        Assert.NotEqual(Lanes.NotAsked, lane);
        Assert.Equal(4_096U, stripes.Live[0][5]);
    }
}
