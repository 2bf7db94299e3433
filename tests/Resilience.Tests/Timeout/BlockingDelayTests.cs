using Resilience.Testing;

namespace Resilience.Tests.Timeouts;

/// <summary>The wait of a synchronous call.</summary>
public sealed class BlockingDelayTests
{
    private readonly ManualClock _time = new();

    private Clock Clock => Clock.For(_time);

    [Fact]
    public void WhenDue_TheThreadGoesOn_AndNoPlaceIsLeft()
    {
        for (var i = 0; i < 20; i++)
        {
            var thread = new Thread(() => BlockingDelay.Wait(Clock, Clock.Coarse + 10, CancellationToken.None));
            thread.Start();
            SpinWait.SpinUntil(() => _time.ActiveTimers == 1);
            _time.Advance(new TimeSpan(10));
            thread.Join();
        }

        Assert.Equal((0, 0), (Clock.Sweeper.Taken, Clock.Sweeper.Armed));
    }

    [Fact]
    public void WhenCancelledBefore_NothingIsArmed()
    {
        BlockingDelay.Wait(Clock, Clock.Coarse + 10, new CancellationToken(true));
        Assert.Equal((0, 0), (Clock.Sweeper.Taken, _time.ActiveTimers));
    }

    [Fact]
    public void WhenDueAndCancelledAtOnce_ThePlaceIsGivenBackOnce()
    {
        for (var i = 0; i < 200; i++)
        {
            using var source = new CancellationTokenSource();
            var thread = new Thread(() => BlockingDelay.Wait(Clock, Clock.Coarse + 10, source.Token));
            thread.Start();
            SpinWait.SpinUntil(() => _time.ActiveTimers == 1);
            var cancel = new Thread(source.Cancel);
            cancel.Start();
            _time.Advance(new TimeSpan(10));
            cancel.Join();
            thread.Join();
        }

        Assert.Equal((0, 0, 0), (Clock.Sweeper.Taken, Clock.Sweeper.Armed, _time.ActiveTimers));
    }
}
