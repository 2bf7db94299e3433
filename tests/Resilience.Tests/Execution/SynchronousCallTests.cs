using Resilience.Testing;

namespace Resilience.Tests.Execution;

/// <summary>Synchronous calls: waits block their thread and end by the clock; what only a task can end is refused, or fails.</summary>
public sealed class SynchronousCallTests
{
    private readonly ManualClock _clock = new();
    private readonly Probe _outer = new("outer");

    [Fact]
    public async Task WhenMadeToWait_TheThreadBlocksUntilTheClockSaysSo()
    {
        var waiting = new Probe
        {
            Enters = static (ref CallFrame frame, ref Slot _) =>
            {
                frame.WaitFor(TimeSpan.FromSeconds(3));
                return Entry.Wait;
            },
        };
        var entered = _clock.GetTimestamp();
        var call = Task.Run(() => Pipelines.Of(_clock, _outer, waiting).Execute((CancellationToken _) => _clock.GetTimestamp(), CancellationToken.None));
        while (!call.IsCompleted)
        {
            if (_clock.ActiveTimers > 0)
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
            }

            await Task.Yield();
        }

        Assert.Equal(TimeSpan.FromSeconds(3).Ticks, await call - entered);
    }

    [Fact]
    public async Task WhenTheCallerCancelsABlockedWait_TheCallEnds()
    {
        using var caller = new CancellationTokenSource();
        var retry = new Probe
        {
            Leaves = static (ref CallFrame frame, ref Slot _) =>
            {
                frame.Delay = TimeSpan.FromHours(1);
                return frame.IsFaulted ? Exit.Continue : Exit.Again;
            },
        };
        var call = Task.Run(() => Pipelines.Of(_clock, _outer, retry).Execute(static (CancellationToken _) => 1, caller.Token));
        while (_clock.ActiveTimers == 0)
        {
            await Task.Yield();
        }

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal((1, Verdict.Ignored), (_outer.Left, _outer.LastVerdict));
    }

    [Fact]
    public void WhenAStrategyIsAsynchronousOnly_TheCallIsRefusedByName_BeforeAnythingIsEntered()
    {
        var pipeline = Pipelines.For<int>(_outer, new Around<int>(static inner => inner.ExecuteAsync()));
        var error = Assert.Throws<InvalidOperationException>(() => pipeline.Execute(static (CancellationToken _) => 1));
        Assert.Contains("'around'", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => pipeline.ExecuteOutcome(static (CancellationToken _) => 1));
        Assert.Equal(0, _outer.Entered);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhenAHookMustBeAwaited_TheCallFailsByName_AndUnwinds(bool onTheWayIn)
    {
        static void Wait(ref CallFrame frame) => frame.WaitFor(new ValueTask(new TaskCompletionSource().Task));
        var hooked = new Probe("hooked")
        {
            Enters = (ref CallFrame frame, ref Slot _) =>
            {
                Wait(ref frame);
                return onTheWayIn ? Entry.Wait : Entry.Go;
            },
            Leaves = (ref CallFrame frame, ref Slot _) =>
            {
                Wait(ref frame);
                return Exit.Wait;
            },
        };
        var outcome = Pipelines.Of(_outer, hooked).ExecuteOutcome(static (CancellationToken _) => 1);
        Assert.Contains("'hooked' must wait for a task", Assert.IsType<InvalidOperationException>(outcome.Exception).Message, StringComparison.Ordinal);
        Assert.Equal((1, 1, Verdict.Ignored), (_outer.Entered, _outer.Left, _outer.LastVerdict));
    }

    [Fact]
    public void WhenAHookIsDoneAlready_TheCallGoesOn()
    {
        var hooked = new Probe
        {
            Leaves = static (ref CallFrame frame, ref Slot _) =>
            {
                frame.WaitFor(default(ValueTask));
                return Exit.Wait;
            },
        };
        Assert.Equal(1, Pipelines.Of(hooked).Execute(static (CancellationToken _) => 1, CancellationToken.None));
    }
}
