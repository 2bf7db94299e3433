namespace Resilience;

/// <content>How a call waits.</content>
public partial struct CallFrame
{
    internal readonly bool IsWaiting => Phase >= CallPhase.WaitingToEnter;

    /// <summary>Asks for a wait on the way in that stands for the callee's own time. Answer "wait".</summary>
    internal void WaitAsCallee(TimeSpan delay)
    {
        WaitFor(delay);
        Extras.WaitsAsCallee = true;
    }

    /// <summary>Whether the call cannot go on before something has ended.</summary>
    internal bool MustSuspend =>
        Phase == CallPhase.Started || (IsWaiting && !IsWaitOver());

    /// <summary>The wait as something to await. A delay ends at the level's deadline at the latest, and when the caller cancels.</summary>
    internal ValueTask StartWait()
    {
        if (Extras.WaitTicks > 0)
        {
            Extras.Waiting = PendingDelay<Production>.Start(Core.Clock.Delays, EndOfWait(), CallerToken);
        }

        return Extras.Waiting;
    }

    /// <summary>Blocks until the wait of a synchronous call is over; a wait that only a task can end fails instead.</summary>
    internal void Block()
    {
        if (Extras.WaitTicks > 0)
        {
            try
            {
                BlockingDelay.Wait(Core.Clock, EndOfWait(), CallerToken);
            }
            catch (Exception exception)
            {
                // The thread was interrupted: that is thrown where the wait is finished, and unwinds the strategies.
                Extras.WaitTicks = 0;
                Extras.Waiting = ValueTask.FromException(exception);
            }

            return;
        }

        Extras.Waiting = ValueTask.FromException(CannotBlock());
    }

    internal readonly InvalidOperationException CannotBlock() => new(
        $"The strategy '{Core.Strategies[Position].Name}' must wait for a task, which a synchronous call cannot: use ExecuteAsync.");

    /// <summary>Takes the end of a wait and says whether it was a delay; throws if it failed.</summary>
    internal bool FinishWait()
    {
        var wasDelay = Extras.WaitTicks > 0;
        var waited = Extras.Waiting;
        Extras.Waiting = default;
        Extras.WaitTicks = 0;
        Extras.WaitsAsCallee = false;
        Extras.WaitPosition = CallExtras.Nowhere;
        _now = 0;
        waited.GetAwaiter().GetResult();
        return wasDelay;
    }

    // A wait that the deadline cuts short ends by the deadline's own word, so that the reading after it says so. Read anew: a hook may have
    // taken its time since.
    private long EndOfWait()
    {
        _now = 0;
        var ticks = Extras.WaitTicks;
        return Deadline != NoDeadline && Core.Clock.WaitReach(ticks) >= Deadline - Ticks
            ? Core.Word(Deadline)
            : Core.Clock.WordAfter(ticks);
    }

    // A signal that cannot even be asked has failed: what it throws is thrown again where the wait is finished.
    private bool IsWaitOver()
    {
        var extras = Extras;
        try
        {
            return extras.WaitTicks == 0 && extras.Waiting.IsCompleted;
        }
        catch (Exception exception)
        {
            extras.Waiting = ValueTask.FromException(exception);
            return true;
        }
    }
}
