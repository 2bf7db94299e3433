using System.Runtime.CompilerServices;
using Resilience.Testing;

namespace Resilience.Tests.Timeouts;

/// <summary>The sweeper by itself: its table, its timer, both scales.</summary>
public sealed class SweeperTests
{
    private readonly ManualClock _time = new();

    private Clock Clock => Clock.For(_time);

    [Fact]
    public void WhenThereAreMoreItemsThanPlaces_TheTableGrows_AndEachFires()
    {
        var sweeper = new Sweeper<Production>(Clock);
        var items = Enumerable.Range(0, 1_000).Select(_ => new FiringItem<Production>(sweeper) { LeavesWhenDue = true }).ToList();
        Assert.Equal((1_024, 1_000), (sweeper.Places, sweeper.Taken));
        items.ForEach(item => item.Arm(Clock.Coarse + 10));
        _time.Advance(new TimeSpan(10));
        Assert.All(items, item => Assert.Equal(1, item.Fired));
        Assert.Equal((1_024, 0, 0), (sweeper.Places, sweeper.Taken, sweeper.Armed));
    }

    [Fact]
    public void WhenItemsLeave_TheirPlacesAreTakenAgain()
    {
        var sweeper = new Sweeper<Production>(Clock);
        for (var i = 0; i < 10_000; i++)
        {
            new FiringItem<Production>(sweeper).LeaveTable();
        }

        Assert.Equal(SweeperChunk<Production>.Size, sweeper.Places);
    }

    [Fact]
    public void WhenFlowIsSuppressed_TheSweeperIsMadeAllTheSame()
    {
        using var flow = ExecutionContext.SuppressFlow();
        Assert.True(new Sweeper<Production>(Clock).IsIdle);
        Assert.True(ExecutionContext.IsFlowSuppressed());
    }

    [Fact]
    public void WhenTheFirstDeadlineIsArmedInAnAmbientState_TheTimerDoesNotKeepIt()
    {
        var ambient = new AsyncLocal<string?> { Value = "first caller" };
        var time = new CapturingProvider();
        _ = Clock.For(time).Sweeper;
        Assert.NotNull(time.FlowWasSuppressed);
        Assert.True(time.FlowWasSuppressed);
        Assert.False(ExecutionContext.IsFlowSuppressed());
        Assert.Equal("first caller", ambient.Value);
    }

    [Fact]
    public void WhenForeignCodeThrowsWithinASweep_TheRestFiresWhenTheClockMovesNext()
    {
        var sweeper = new Sweeper<Production>(Clock);
        var good = new FiringItem<Production>[100];
        var bad = new FiringItem<Production>(sweeper) { WhenDue = () => throw new FormatException() };
        for (var i = 0; i < good.Length; i++)
        {
            good[i] = new FiringItem<Production>(sweeper);
            good[i].Arm(Clock.Coarse + 10);
        }

        bad.Arm(Clock.Coarse + 10);
        Assert.Throws<FormatException>(() => _time.Advance(new TimeSpan(10)));
        _time.Advance(TimeSpan.Zero);
        Assert.All(good, item => Assert.Equal(1, item.Fired));
        Assert.Equal((1, 0), (bad.Fired, _time.ActiveTimers));
    }

    [Fact]
    public void WhenNobodyHoldsTheSweeper_TheTimerDoesNot()
    {
        var sweeper = Forgotten(_time);
        for (var i = 0; i < 10 && sweeper.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(sweeper.IsAlive);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, _time.ActiveTimers);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Forgotten(ManualClock time)
        {
            var made = new Sweeper<Production>(Clock.For(time));
            new FiringItem<Production>(made).Arm(Clock.For(time).Coarse + 10);
            return new WeakReference(made);
        }
    }

    [Fact]
    public void WhenAnItemIsArmedOnOneScale_TheSweeperIsNotIdle()
    {
        var clock = Clock.System;
        foreach (var fine in new[] { false, true })
        {
            var sweeper = new Sweeper<Production>(clock);
            var item = new FiringItem<Production>(sweeper);
            Assert.True(sweeper.IsIdle);
            item.Arm(clock.Word((fine ? clock.Fine : clock.Coarse) + TimeSpan.TicksPerHour, fine));
            Assert.False(sweeper.IsIdle);
            item.LeaveTable();
        }
    }

    [Fact]
    public async Task WhenBothScalesAreInUse_EachWordIsComparedWithItsOwn()
    {
        var clock = Clock.System;
        var sweeper = new Sweeper<Production>(clock);
        var fired = new TaskCompletionSource();
        var left = 2;
        FiringItem<Production> New() => new(sweeper)
        {
            LeavesWhenDue = true,
            WhenDue = () =>
            {
                if (Interlocked.Decrement(ref left) == 0)
                {
                    fired.SetResult();
                }
            },
        };
        var (coarsePast, finePast, coarseFuture, fineFuture) = (New(), New(), New(), New());
        var (coarseWord, fineWord) = (clock.WordAfter(TimeSpan.TicksPerHour), clock.Word(clock.Fine + TimeSpan.TicksPerHour, fine: true));
        coarseFuture.Arm(coarseWord);
        fineFuture.Arm(fineWord);
        coarsePast.Arm(clock.Word(clock.Coarse, fine: false));
        finePast.Arm(clock.Word(clock.Fine - (3 * TimeSpan.TicksPerSecond), fine: true));
        await fired.Task;
        Assert.Equal((false, true), (coarsePast.WasLate, finePast.WasLate));
        Assert.True(coarseFuture.TryDisarm(coarseWord));
        Assert.True(fineFuture.TryDisarm(fineWord));
        Assert.Equal((0, 0), (coarseFuture.Fired, fineFuture.Fired));
    }

    private sealed class CapturingProvider : TimeProvider
    {
        public bool? FlowWasSuppressed { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            FlowWasSuppressed = ExecutionContext.IsFlowSuppressed();
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
