using Resilience.Tests.Interleaving;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>The shared reading of the time: never older than the last refresh, started once, stopped when nobody reads.</summary>
public sealed class CoarseTickTests
{
    private const int Bound = 3;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    public void WhenReadersStallAcrossRefreshes_NoReadingIsOlderThanTheLastRefresh(int readers, int refreshes) =>
        Explorer.Exhaust(readers + 1, _ => Stall(readers, refreshes, writes: false), Bound)
            .MustHold($"interleavings: coarse tick, {readers} readers, {refreshes} refreshes");

    [Fact]
    public void WhenAReadingIsWrittenWithoutComparing_AStalledReaderLeavesAnOldOne() =>
        Explorer.Exhaust(2, _ => Stall(1, 1, writes: true), Bound).MustFail("seeded bug: a reading left without comparing");

    [Fact]
    public void WhenTwoReadersFindItStopped_OneStartsIt() =>
        Explorer.Exhaust(2, _ =>
        {
            var box = new Box();
            box.Word.Value = TickWord.Stopped;
            (box.Word.Reads, box.Word.LastRead) = (1_000, 7);
            var started = 0;
            Action read = () =>
            {
                var seen = Volatile.Read(ref box.Word.Value);
                if (seen >= TickWord.Unknown && TickKeeper<Explored>.Leave(ref box.Word, seen, 7))
                {
                    Interlocked.Increment(ref started);
                }
            };
            return ([read, read], () => started == 1 && box.Word.Running == 1 && box.Word.Value != TickWord.Stopped);
        }, Bound).MustHold("interleavings: coarse tick, two to start it");

    [Fact]
    public void WhenItStopsWhileAReaderComes_ItStaysRunningOrCanBeStartedAgain() =>
        Explorer.Exhaust(2, _ =>
        {
            var box = new Box();
            (box.Word.Value, box.Word.Running, box.Word.Refresh, box.Word.Unused) = (TickWord.Unknown + 1, 1, 1, 99);
            var (goesOn, started) = (false, false);
            return (
                [
                    () => goesOn = TickKeeper<Explored>.Refresh(ref box.Word),
                    () =>
                    {
                        var seen = Volatile.Read(ref box.Word.Value);
                        (box.Word.Reads, box.Word.LastRead) = (1_000, 7);
                        started = TickKeeper<Explored>.Leave(ref box.Word, seen, 7);
                    },
                ],
                () => (goesOn || started) == (box.Word.Running == 1) && (goesOn || started || box.Word.Value == TickWord.Stopped));
        }, Bound).MustHold("interleavings: coarse tick, a reader beside the stop");

    [Fact]
    public void WhenAReadingIsRenewed_ItNeverGoesBack()
    {
        Explorer.Exhaust(2, _ =>
        {
            var box = new Box();
            box.Word.Value = 5;
            return ([() => TickKeeper<Explored>.Renew(ref box.Word, 9), () => TickKeeper<Explored>.Renew(ref box.Word, 7)], () => box.Word.Value is 9 or 7);
        }, Bound).MustHold("interleavings: coarse tick, two renew it");
        var word = new TickWord { Value = TickWord.Unknown + 3 };
        TickKeeper<Production>.Renew(ref word, 10);
        Assert.Equal(TickWord.Unknown + 3, word.Value);
    }

    [Fact]
    public void WhenNobodyReadsForAHundredRefreshes_ItStops_AndOneReaderAloneDoesNotStartIt()
    {
        var word = new TickWord { Value = 1, Running = 1 };
        var refreshes = 0;
        while (TickKeeper<Production>.Refresh(ref word))
        {
            refreshes++;
        }

        Assert.Equal((100, TickWord.Stopped, 0), (refreshes, word.Value, word.Running));
        for (var now = 1; now < 1_000; now++)
        {
            Assert.False(TickKeeper<Production>.Leave(ref word, TickWord.Stopped, now));
        }

        Assert.Contains(Enumerable.Range(0, 100), _ => TickKeeper<Production>.Leave(ref word, TickWord.Stopped, 1_000));
    }

    [Fact]
    public void WhenItIsStopped_OrNobodyHasReadSinceTheRefresh_NoMomentIsBeforeWhatIsKnown()
    {
        Assert.True(TickWord.Stopped > TickWord.Unknown);
        Assert.True(TickWord.Unknown > TimeSpan.FromDays(365 * 10_000).Ticks);
    }

    // Each refresh comes at a later time; a reader reads the clock, stalls anywhere, and leaves what it read.
    private static (Action[] Bodies, Func<bool> Check) Stall(int readers, int refreshes, bool writes)
    {
        var box = new Box();
        (box.Word.Value, box.Word.Running) = (TickWord.Unknown, 1);
        var clock = 1L;
        var lastRefresh = 0L;
        Action read = () =>
        {
            Explored.Point(1);
            var seen = Volatile.Read(ref box.Word.Value);
            if (seen < TickWord.Unknown)
            {
                return;
            }

            Explored.Point(2);
            var now = Volatile.Read(ref clock);
            if (writes)
            {
                Explored.Point(3);
                Volatile.Write(ref box.Word.Value, now);
            }
            else
            {
                TickKeeper<Explored>.Leave(ref box.Word, seen, now);
            }
        };
        Action refresh = () =>
        {
            for (var i = 0; i < refreshes; i++)
            {
                lastRefresh = ++clock;
                TickKeeper<Explored>.Refresh(ref box.Word);
            }
        };
        return ([.. Enumerable.Repeat(read, readers), refresh], () => box.Word.Value >= TickWord.Unknown || box.Word.Value >= lastRefresh);
    }

    private sealed class Box
    {
        // Not readonly: it is what the threads share.
        public TickWord Word;
    }
}
