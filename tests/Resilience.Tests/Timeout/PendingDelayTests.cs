using Resilience.Testing;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Timeouts;

/// <summary>A wait ends once, by its time or by its token, is used again only when neither can reach it, and leaves no place behind.</summary>
public sealed class PendingDelayTests
{
    private readonly ManualClock _time = new();
    private readonly ItemPool<PendingDelay<Explored>> _home;
    private readonly Sweeper<Explored> _sweeper;

    public PendingDelayTests() => (_sweeper, _home) = Make(_time);

    private long Now => Clock.For(_time).Coarse;

    [Fact]
    public void WhenDue_TheWaitIsOver_AndItsObjectIsUsedAgain()
    {
        for (var i = 0; i < 100; i++)
        {
            var wait = PendingDelay<Explored>.Start(_home, Now + 10, CancellationToken.None).GetAwaiter();
            _time.Advance(new TimeSpan(9));
            Assert.False(wait.IsCompleted);
            _time.Advance(new TimeSpan(1));
            Assert.True(wait.IsCompleted);
            wait.GetResult();
        }

        Assert.Equal((1, 0), (_sweeper.Taken, _sweeper.Armed));
    }

    [Fact]
    public void WhenCancelled_TheWaitIsOverAtOnce_AndItsPlaceIsGivenBack()
    {
        for (var i = 0; i < 100; i++)
        {
            using var source = new CancellationTokenSource();
            var wait = PendingDelay<Explored>.Start(_home, Now + 10, source.Token).GetAwaiter();
            Assert.False(wait.IsCompleted);
            source.Cancel();
            Assert.True(wait.IsCompleted);
            wait.GetResult();
        }

        Assert.Equal((0, 0), (_sweeper.Taken, _sweeper.Armed));
    }

    [Fact]
    public void WhenCancelledBefore_TheWaitIsOverAtOnce()
    {
        var wait = PendingDelay<Explored>.Start(_home, Now + 10, new CancellationToken(true)).GetAwaiter();
        Assert.True(wait.IsCompleted);
        wait.GetResult();
        Assert.Equal((0, 0), (_sweeper.Taken, _sweeper.Armed));
    }

    [Fact]
    public void WhenDueAndCancelledInEverySchedule_TheWaitEndsOnce_AndNoPlaceIsLeft() =>
        Explorer.Exhaust(2, _ => DueAgainstCancel(), bound: 4).MustHold("delay: due against cancel");

    [Fact]
    public void WhenCancelledByTwoAndDueInEverySchedule_TheNextWaitIsNotTouched() =>
        Explorer.Exhaust(2, _ => NextWait(), bound: 4).MustHold("delay: a late cancellation against the next wait");

    private static (Sweeper<Explored> Sweeper, ItemPool<PendingDelay<Explored>> Home) Make(ManualClock time)
    {
        var sweeper = new Sweeper<Explored>(Clock.For(time));
        ItemPool<PendingDelay<Explored>>? home = null;
        home = new ItemPool<PendingDelay<Explored>>(() => new PendingDelay<Explored>(sweeper, home!));
        return (sweeper, home);
    }

    private static (Action[] Bodies, Func<bool> Check) DueAgainstCancel()
    {
        var time = new ManualClock();
        var (sweeper, home) = Make(time);
        var source = new CancellationTokenSource();
        var wait = PendingDelay<Explored>.Start(home, Clock.For(time).Coarse + 10, source.Token).GetAwaiter();
        var ended = 0;
        wait.UnsafeOnCompleted(() =>
        {
            wait.GetResult();
            ended++;
        });
        return ([() => time.Advance(new TimeSpan(10)), source.Cancel], () =>
            ended == 1 && sweeper is { Armed: 0, IsIdle: true } && sweeper.Taken is 0 or 1 && time.ActiveTimers == 0 && IsUsable(time, home));
    }

    // The first wait ends by its time while its token is being cancelled; whoever waits next must wait his own time.
    private static (Action[] Bodies, Func<bool> Check) NextWait()
    {
        var time = new ManualClock();
        var (sweeper, home) = Make(time);
        var source = new CancellationTokenSource();
        var start = Clock.For(time).Coarse;
        var first = PendingDelay<Explored>.Start(home, start + 10, source.Token).GetAwaiter();
        var ended = 0;
        long nextEnded = 0;
        first.UnsafeOnCompleted(() =>
        {
            first.GetResult();
            var next = PendingDelay<Explored>.Start(home, start + 20, CancellationToken.None).GetAwaiter();
            next.UnsafeOnCompleted(() =>
            {
                next.GetResult();
                ended++;
                nextEnded = Clock.For(time).Coarse;
            });
        });
        return ([() => time.Advance(new TimeSpan(10)), source.Cancel], () =>
        {
            var early = ended;
            time.Advance(new TimeSpan(10));
            return early == 0 && ended == 1 && nextEnded == start + 20 && sweeper.Armed == 0;
        }
        );
    }

    private static bool IsUsable(ManualClock time, ItemPool<PendingDelay<Explored>> home)
    {
        var wait = PendingDelay<Explored>.Start(home, Clock.For(time).Coarse + 10, CancellationToken.None).GetAwaiter();
        time.Advance(new TimeSpan(9));
        var early = wait.IsCompleted;
        time.Advance(new TimeSpan(1));
        return !early && wait.IsCompleted;
    }
}
