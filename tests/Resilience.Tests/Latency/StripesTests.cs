namespace Resilience.Tests.Latency;

/// <summary>Who owns what, and that counts outlive their threads.</summary>
public sealed class StripesTests
{
    // Thirteen snapshots with the sums of their blocks, and the stripe that threads share.
    private const long Shared = (14 * 8_960) + (13 * 35 * 4);

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
        Assert.InRange(tracker.SizeInBytes, Shared, Shared + (Environment.ProcessorCount * 8_960));
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
