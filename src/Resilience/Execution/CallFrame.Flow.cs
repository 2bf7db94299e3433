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
    internal readonly bool IsForClassifiers => !_progress.VerdictIsFinal;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetVerdict(Verdict verdict) => _verdict = verdict;

    /// <summary>The classifier's verdict on the outcome now in place.</summary>
    internal void SetClassified(Verdict verdict)
    {
        _verdict = Permitted(verdict);
        _progress.VerdictIsFinal = false;
    }

    internal void SetFinalVerdict(Verdict verdict)
    {
        _verdict = Permitted(verdict);
        _progress.VerdictIsFinal = true;
    }

    /// <summary>The verdict, without "again" if the callback forbade that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly Verdict Permitted(Verdict verdict) => _extras is not null && IsAgainForbidden ? new Verdict(verdict.Health, Again.No) : verdict;

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
        var deadline = Core.DeadlineAfter(timeout, Ticks);
        if (deadline >= Deadline)
        {
            return false;
        }

        SetDeadline(deadline, owner);
        return true;
    }

    /// <summary>Whose the nearest deadline is and what he had allowed. Only if there is one.</summary>
    internal readonly DeadlineOrigin DeadlineOrigin
    {
        get
        {
            if (DeadlineOwner == CallersDeadline)
            {
                return new DeadlineOrigin("caller", ContextOrNull?.Timeout ?? TimeSpan.Zero);
            }

            if (DeadlineOwner < Start)
            {
                return _extras!.Attempt is { } attempt ? attempt.Race.DeadlineOrigin : _extras.Parent!.DeadlineOrigin;
            }

            var owner = Core.Strategies[DeadlineOwner];
            return new DeadlineOrigin(
                owner.Name, owner.OwnTimeout == Strategy.VariesByCall ? _extras!.NotedTimeout(DeadlineOwner) : owner.OwnTimeout);
        }
    }

    /// <summary>Whether a call that is over has a result, and nothing to give back.</summary>
    internal readonly bool IsClean => !Fault.Exists && Source is null && _extras is null;

    /// <summary>Whether nothing must be given back at the end of the call.</summary>
    internal readonly bool HoldsNothing => Source is null && _extras is null;

    internal readonly bool HasNoExtras => _extras is null;

    /// <summary>Turns a call round that was refused by value, the one turn that is straight enough: true if it was.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal bool TurnRefused(Entry entry)
    {
        if (entry != Entry.Refuse || !Fault.IsRejection)
        {
            return false;
        }

        Phase = CallPhase.Leaving;
        TurnBack();
        SetFinalVerdict(Verdict.Throttled(Fault.RetryAfter));
        return true;
    }

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
    internal readonly PendingPart? TakeWrapped()
    {
        var wrapped = _extras?.Wrapped;
        if (wrapped is not null)
        {
            _extras!.Wrapped = null;
        }

        return wrapped;
    }

    /// <summary>The caller had cancelled before the call came: nothing is entered.</summary>
    internal void CancelBeforeStart()
    {
        Fault = new Fault(new OperationCanceledException(CallerToken));
        SetFinalVerdict(Verdict.Ignored);
        Phase = CallPhase.Leaving;
    }

    internal void FailByDeadline(Exception? callees) => Fault = new Fault(new TimeoutRejectedException(DeadlineOrigin, callees));

    /// <summary>The attempt ended before its callback started, and is not counted.</summary>
    internal void TurnBack() => _progress.TurnedBack = true;

    /// <summary>The attempt ended before its callback started, because the call must end at this level.</summary>
    internal void MarkStopped() => _progress.IsStopped = true;

    internal readonly bool IsStopped => _progress.IsStopped;

    /// <summary>Whether the attempt ended before its callback started.</summary>
    internal readonly bool IsTurnedBack => _progress.TurnedBack;

    /// <summary>Gives up the outcome that is passing, which becomes the reason of the next attempt.</summary>
    internal void GiveWay()
    {
        _progress.Reason = ReasonOf(Fault);
        Fault = default;
    }

    /// <summary>The call was begun at <paramref name="now"/>, elsewhere.</summary>
    internal void Resume(long now) => _now = now;

    /// <summary>The attempt under way is made because <paramref name="retries"/> others were given up, the last with this fault or a result.</summary>
    internal void Resume(int retries, in Fault given)
    {
        _progress.Attempt = retries;
        _progress.Reason = ReasonOf(given);
    }

    private static AttemptReason ReasonOf(in Fault given) => given.IsRejection ? AttemptReason.Rejection
        : given.Exception is not { } exception ? AttemptReason.Result
        : exception is TimeoutException ? AttemptReason.Timeout
        : AttemptReason.Exception;

    internal void BeginNextAttempt()
    {
        _progress.Attempt += _progress.TurnedBack ? 0 : 1;
        _progress.TurnedBack = false;
        _progress.IsStopped = false;
        _now = 0;
        _verdict = Verdict.Success;
        _progress.VerdictIsFinal = false;
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
            if (_progress.VerdictIsFinal && Fault.Exception is { } exception)
            {
                extras.Parent?.Judge(exception, _verdict);
            }

            if (extras.Attempt is { } attempt)
            {
                var context = extras.Context;
                extras.Context = null;
                attempt.Race.OnReported(attempt, ref this, context);
            }

            _extras = null;
            extras.End();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private CallContext CreateContext()
    {
        var extras = Extras;
        var context = extras.Outer is { } outer ? CallContext.MakeApart(outer) : CallContext.MakeForCall(extras.Parent?.Context);
        context.BeginMade(ref this);
        extras.Context = context;
        if (extras.Attempt is { } attempt)
        {
            attempt.Context = context;
        }

        return context;
    }
}
