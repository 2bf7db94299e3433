using System.Runtime.CompilerServices;

namespace Resilience;

/// <content>What the loop does to a frame.</content>
public partial struct CallFrame
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Take<T>(in Outcome<T> outcome, ref T? result)
    {
        Fault = outcome.Fault;
        result = outcome.ResultOrDefault;
    }

    /// <summary>
    /// Whether a classifier has a say in the outcome. Who cancelled, who refused and what a hook threw was read from its source.
    /// </summary>
    internal readonly bool IsForClassifiers => !_verdictIsFinal;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetVerdict(Verdict verdict) => _verdict = verdict;

    /// <summary>The classifier's verdict on the outcome now in place.</summary>
    internal void SetClassified(Verdict verdict)
    {
        _verdict = Permitted(verdict);
        _verdictIsFinal = false;
    }

    internal void SetFinalVerdict(Verdict verdict)
    {
        _verdict = Permitted(verdict);
        _verdictIsFinal = true;
    }

    /// <summary>The verdict, without "again" if the callback forbade that.</summary>
    internal readonly Verdict Permitted(Verdict verdict) => IsAgainForbidden ? new Verdict(verdict.Health, Again.No) : verdict;

    /// <summary>Forgets the clock reading: whoever asks next reads anew.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void RefreshClock() => _now = 0;

    /// <summary>Changes the level's deadline. A source armed for the old one is given up: a new level has a live token of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetDeadline(long deadline, int owner)
    {
        Deadline = deadline;
        DeadlineOwner = (sbyte)owner;
        if (Source is not null)
        {
            ReleaseSource();
        }
    }

    /// <summary>Makes <paramref name="timeout"/> from now the deadline if it is nearer; true if it was.</summary>
    internal bool LowerDeadline(TimeSpan timeout, int owner)
    {
        // Beyond what can be waited for there is none.
        var deadline = timeout.Ticks > Clock.MaxDelay ? NoDeadline : Ticks + Core.Clock.Reach(timeout.Ticks, Core.UsesFineClock);
        if (deadline >= Deadline)
        {
            return false;
        }

        SetDeadline(deadline, owner);
        return true;
    }

    internal readonly bool IsWaiting => Phase >= CallPhase.WaitingToEnter;

    /// <summary>Whether the call cannot go on before something has ended.</summary>
    internal bool MustSuspend =>
        Phase == CallPhase.Started || (IsWaiting && !IsWaitOver());

    /// <summary>Whether a call that is over has a result, and nothing to give back.</summary>
    internal readonly bool IsClean => !Fault.Exists && Source is null && _extras is null;

    /// <summary>Whether the outermost strategy has been left.</summary>
    internal readonly bool IsOver => Phase == CallPhase.Over;

    /// <summary>Takes the caller's own context, whose time limit becomes a deadline.</summary>
    internal void Bring(CallContext context)
    {
        // Before it is stored: a context that is in use elsewhere throws here, and is not ended by this call.
        context.Begin(ref this);
        Extras.Context = context;
    }

    /// <summary>The wrapping strategy's pending part, if that is what ended.</summary>
    internal readonly InnerCall? TakeWrapped()
    {
        var wrapped = _extras?.Wrapped;
        if (wrapped is not null)
        {
            _extras!.Wrapped = null;
        }

        return wrapped;
    }

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

        Extras.Waiting = ValueTask.FromException(new InvalidOperationException(
            $"The strategy '{Core.Strategies[Position].Name}' must wait for a task, which a synchronous call cannot: use ExecuteAsync."));
    }

    /// <summary>Takes the end of a wait and says whether it was a delay; throws if it failed.</summary>
    internal bool FinishWait()
    {
        var wasDelay = Extras.WaitTicks > 0;
        var waited = Extras.Waiting;
        Extras.Waiting = default;
        Extras.WaitTicks = 0;
        Extras.WaitPosition = CallExtras.Nowhere;
        _now = 0;
        waited.GetAwaiter().GetResult();
        return wasDelay;
    }

    /// <summary>The caller had cancelled before the call came: nothing is entered.</summary>
    internal void CancelBeforeStart()
    {
        Fault = new Fault(new OperationCanceledException(CallerToken));
        SetFinalVerdict(Verdict.Ignored);
        Phase = CallPhase.Leaving;
    }

    internal void FailByDeadline(Exception? callees) => Fault = new Fault(TimeoutRejectedException.For(ref this, callees));

    /// <summary>The attempt ended before its callback started, and is not counted.</summary>
    internal void TurnBack() => _turnedBack = true;

    /// <summary>The attempt ended before its callback started, because the call must end at this level.</summary>
    internal void MarkStopped() => _isStopped = true;

    internal readonly bool IsStopped => _isStopped;

    internal void BeginNextAttempt()
    {
        _attempt += _turnedBack ? 0 : 1;
        _turnedBack = false;
        _isStopped = false;
        _now = 0;
        _verdict = Verdict.Success;
        _verdictIsFinal = false;
        Fault = default;
        ReleaseSource();
        if (_extras is not null)
        {
            _extras.DelayTicks = 0;
        }
    }

    internal CancelledBy ReleaseSource()
    {
        if (Source is not { } source)
        {
            return CancelledBy.Nobody;
        }

        Source = null;
        return source.Release();
    }

    /// <summary>Ends the call: what it held goes back to where it came from.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void End()
    {
        ReleaseSource();
        if (_extras is { } extras)
        {
            if (_verdictIsFinal && Fault.Exception is { } exception)
            {
                extras.Parent?.Judge(exception, _verdict);
            }

            _extras = null;
            extras.End();
        }
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private CallContext CreateContext()
    {
        var context = CallContext.MakeForCall(Extras.Parent?.Context);
        context.Begin(ref this);
        Extras.Context = context;
        return context;
    }
}
