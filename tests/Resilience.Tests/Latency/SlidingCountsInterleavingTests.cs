using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Latency;

/// <summary>Record, turn and read under every schedule of at most three preemptions; and seeded bugs, which the same checks must catch.</summary>
public sealed class SlidingCountsInterleavingTests
{
    private const int Bound = 3;

    // Slices of a second, which are read by the coarse clock.
    private const long Long = 10_000_000;
    private static readonly double[] s_quantiles = [0, 0.5, 1];

    // Reads one block with its buckets and only sums up the other.
    private static readonly double[] s_greatest = [1];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhenASliceTurnsAmidRecordsAndAReading_EveryScheduleHolds(bool asks) =>
        Explorer.Exhaust(3, explorer => Turning<Explored>(explorer, null, quantiles: asks ? s_quantiles : null), Bound).MustHold($"window: record, turn, read{(asks ? ", quantiles" : "")}");

    [Fact]
    public void WhenASliceIsReadByTheCoarseClock_EveryScheduleHolds() =>
        Explorer.Exhaust(3, explorer => Lapping<Explored>(explorer, null, quantiles: s_greatest, unit: Long), Bound).MustHold("window: by the coarse clock");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhenWritersLapTheRing_EveryScheduleHolds(bool asks) =>
        Explorer.Exhaust(3, explorer => Lapping<Explored>(explorer, null, quantiles: asks ? s_quantiles : null), Bound).MustHold($"window: a ring lapped{(asks ? ", quantiles" : "")}");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhenAWriterIsLateForItsSlice_EveryScheduleHolds(bool asks) =>
        Explorer.Exhaust(2, explorer => Lagging<Explored>(explorer, null, quantiles: asks ? s_quantiles : null), Bound).MustHold($"window: a writer late{(asks ? ", quantiles" : "")}");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhenStripesAreMadeAmidATurn_EveryScheduleHolds(bool asks) =>
        Explorer.Exhaust(3, explorer => Striping<Explored>(explorer, null, quantiles: asks ? s_quantiles : null), Bound).MustHold($"window: stripes made{(asks ? ", quantiles" : "")}");

    [Fact]
    public void WhenSchedulesAreSampledWithoutABound_AllHold()
    {
        Assert.Null(Explorer.Sample(3, explorer => Turning<Explored>(explorer, null, quantiles: s_quantiles), seed: 1, most: 5_000).Failure);
        Assert.Null(Explorer.Sample(3, explorer => Lapping<Explored>(explorer, null, quantiles: s_quantiles), seed: 2, most: 5_000).Failure);
    }

    [Fact]
    public void SeededBug_WhenTheSharedIncrementIsAReadAndAWrite_ItIsCaught() => Explorer.Exhaust(
        3, explorer => Turning<Sabotaged>(explorer, window => Losing(window, Stripes<Sabotaged>.AddShared, () => window.Stripes.Live[0])), Bound)
        .MustFail("seeded: shared increment not atomic");

    [Fact]
    public void SeededBug_WhenTwoThreadsOwnAStripe_ItIsCaught() => Explorer.Exhaust(
        3, explorer => Striping<Sabotaged>(explorer, window => Losing(window, Stripes<Sabotaged>.AddOwned, () => window.Stripes.Live[^1]), sameLane: true), Bound)
        .MustFail("seeded: a stripe with two owners");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SeededBug_WhenBlocksAreTakenIntoUseWithoutCompare_ItIsCaught(bool asks) => Explorer.Exhaust(
        3,
        explorer => Striping<Sabotaged>(
            explorer,
            window => site =>
            {
                if (site == Stripes<Sabotaged>.Widen)
                {
                    // What others took into use meanwhile is forgotten.
                    var seen = window.Stripes.UsedWord;
                    Explorer.Yield(site);
                    window.Stripes.UsedWord = seen;
                }
            },
            quantiles: asks ? s_quantiles : null),
        Bound).MustFail($"seeded: blocks in use not compared{(asks ? ", quantiles" : "")}");

    [Fact]
    public void SeededBug_WhenTwoThreadsTurnTheSameSlice_ItIsCaught() => Explorer.Exhaust(
        3,
        explorer => Turning<Sabotaged>(explorer, window =>
        {
            var seen = 0L;
            return site =>
            {
                // The boundary as this thread last saw it: its exchange then always succeeds.
                seen = site == SlidingCounts<Sabotaged>.ReadBoundary ? window.Next : seen;
                if (site == SlidingCounts<Sabotaged>.MoveBoundary)
                {
                    window.Next = seen;
                }
            };
        }),
        Bound).MustFail("seeded: boundary moved without compare");

    [Fact]
    public void SeededBug_WhenTheTagStaysValidDuringTheCopy_ItIsCaught() => Explorer.Exhaust(
        3,
        explorer => Lapping<Sabotaged>(explorer, window =>
        {
            var before = new long[2];
            return site =>
            {
                for (var i = 0; i < before.Length; i++)
                {
                    ref var tag = ref window.Ring.Places[i].Tag;
                    before[i] = tag >= 0 ? tag : before[i];
                    if (site == LiveCounts<Sabotaged>.WriteSnapshot && tag == Snapshot.Writing)
                    {
                        tag = before[i];
                    }
                }
            };
        }),
        Bound).MustFail("seeded: tag not invalidated");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SeededBug_WhenTheTagIsNotCheckedAgain_ItIsCaught(bool asks) => Explorer.Exhaust(
        3,
        explorer => Lapping<Sabotaged>(explorer, window =>
        {
            var before = new long[2];
            return site =>
            {
                if (site is not (SnapshotRing<Sabotaged>.ReadTag or SnapshotRing<Sabotaged>.CheckTag))
                {
                    return;
                }

                for (var i = 0; i < before.Length; i++)
                {
                    ref var tag = ref window.Ring.Places[i].Tag;
                    before[i] = site == SnapshotRing<Sabotaged>.ReadTag ? tag : before[i];
                    tag = site == SnapshotRing<Sabotaged>.CheckTag && before[i] >= 0 ? before[i] : tag;
                }
            };
        }, quantiles: asks ? s_quantiles : null),
        Bound).MustFail($"seeded: tag not checked again{(asks ? ", quantiles" : "")}");

    [Fact]
    public void SeededBug_WhenASnapshotHasTheSumsOfAnother_ItIsCaught() => Explorer.Exhaust(
        3,
        explorer => Turning<Sabotaged>(
            explorer,
            window => site =>
            {
                if (site == SnapshotRing<Sabotaged>.ReleaseTag)
                {
                    foreach (var place in window.Ring.Places)
                    {
                        window.Ring.Places[0].Sums.CopyTo(place.Sums, 0);
                    }
                }
            },
            quantiles: s_greatest),
        Bound).MustFail("seeded: sums of another snapshot");

    [Fact]
    public void SeededBug_WhenAFailedBoundaryIsTakenForAnIdleOne_ItIsCaught() => Explorer.Exhaust(
        2,
        explorer => Lagging<Sabotaged>(explorer, window => site =>
        {
            if (site == SnapshotRing<Sabotaged>.ReleaseTag)
            {
                foreach (var place in window.Ring.Places)
                {
                    place.Header = place.Header with { Previous = -1 };
                }
            }
        }),
        Bound).MustFail("seeded: gaps told as idle");

    [Fact]
    public void SeededBug_WhenALateCopyIsTakenForOneInTime_ItIsCaught() => Explorer.Exhaust(
        2,
        explorer => Lagging<Sabotaged>(explorer, window => site =>
        {
            if (site != SnapshotRing<Sabotaged>.Header)
            {
                return;
            }

            foreach (var place in window.Ring.Places)
            {
                place.Tag = place.Tag < Snapshot.Empty ? Snapshot.SliceOf(place.Tag) : place.Tag;
            }
        }),
        Bound).MustFail("seeded: late copy published");

    // A store of the value that this thread read at its previous point: what others counted since is gone.
    private static Action<int> Losing(SlidingCounts<Sabotaged> window, int at, Func<AlignedCounts> counts)
    {
        return site =>
        {
            if (site != at)
            {
                return;
            }

            var seen = counts().Span.ToArray();
            Explorer.Yield(site);
            seen.CopyTo(counts().Span);
        };
    }

    private static (Action[] Bodies, Func<bool> Check) Turning<TI>(Explorer explorer, Func<SlidingCounts<TI>, Action<int>>? bug, double[]? quantiles = null)
        where TI : struct, IInterleaving
    {
        var scenario = new WindowScenario<TI>(explorer, slices: 2, quantiles: quantiles);
        scenario.Record(0);
        return Run(scenario, bug,
            () =>
            {
                scenario.MoveTo(110);
                scenario.Record(0);
            },
            () =>
            {
                scenario.MoveTo(210);
                scenario.Record(1);
            },
            scenario.Read);
    }

    private static (Action[] Bodies, Func<bool> Check) Lapping<TI>(
        Explorer explorer, Func<SlidingCounts<TI>, Action<int>>? bug, double[]? quantiles = null, long unit = 1)
        where TI : struct, IInterleaving
    {
        var scenario = new WindowScenario<TI>(explorer, slices: 1, quantiles: quantiles, unit: unit);
        return Run(scenario, bug,
            () =>
            {
                scenario.MoveTo(110);
                scenario.Record(0);
            },
            () =>
            {
                scenario.MoveTo(330);
                scenario.Record(1);
            },
            scenario.Read);
    }

    private static (Action[] Bodies, Func<bool> Check) Lagging<TI>(Explorer explorer, Func<SlidingCounts<TI>, Action<int>>? bug, double[]? quantiles = null)
        where TI : struct, IInterleaving
    {
        var scenario = new WindowScenario<TI>(explorer, slices: 2, quantiles: quantiles);
        return Run(scenario, bug,
            () =>
            {
                scenario.MoveTo(110);
                scenario.Record(1);
            },
            () =>
            {
                scenario.MoveTo(150);
                scenario.Record(0);
                scenario.MoveTo(210);
                scenario.Record(1);
                scenario.Read();
            });
    }

    private static (Action[] Bodies, Func<bool> Check) Striping<TI>(Explorer explorer, Func<SlidingCounts<TI>, Action<int>>? bug, bool sameLane = false, double[]? quantiles = null)
        where TI : struct, IInterleaving
    {
        var scenario = new WindowScenario<TI>(explorer, slices: 2, stripes: 2, quantiles: quantiles);
        if (sameLane)
        {
            scenario.Record(0, lane: 0);
        }

        return Run(scenario, bug,
            () => scenario.Record(0, lane: 0),
            () =>
            {
                scenario.MoveTo(110);
                scenario.Record(1, lane: sameLane ? 0 : 1);
            },
            scenario.Read);
    }

    private static (Action[] Bodies, Func<bool> Check) Run<TI>(
        WindowScenario<TI> scenario, Func<SlidingCounts<TI>, Action<int>>? bug, params Action[] bodies)
        where TI : struct, IInterleaving =>
        ([.. bodies.Select(body => bug is null ? body : Sabotaged.Body(bug(scenario.Window), body))], scenario.Holds);
}
