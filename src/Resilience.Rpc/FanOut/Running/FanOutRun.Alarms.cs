namespace Resilience.Rpc;

/// <content>The deadline's alarm, and those that say that an endpoint is late.</content>
internal abstract partial class FanOutRun<T>
{
    void IAlarmed.OnAlarm(int subject, bool wasLate)
    {
        if (subject == DeadlineSubject ? OnDeadline(wasLate) : OnStall(subject))
        {
            Finish();
        }

        DriveInFlow();
        Release();
    }

    // Sets the deadline's alarm, unless the run is over; then its result can be had at once.
    private bool Suspend()
    {
        if (Volatile.Read(ref _over))
        {
            return false;
        }

        Share();
        Enter();
        _holds++;
        Exit();
        var alarm = _core.Endpoints.Alarms.Take();
        alarm.Set(this, DeadlineSubject, _core.Clock.Word(_deadline, fine: true));
        Enter();
        _deadlineAlarm = _deadlineFired ? null : alarm;
        _suspended = !_over;
        if (_over)
        {
            CancelDeadline();
        }

        var suspended = _suspended;
        Exit();
        if (suspended)
        {
            // Whoever ends the run now completes the task, which nobody has before this thread returns it.
            Release();
        }

        return suspended;
    }

    private bool OnDeadline(bool wasLate)
    {
        var now = _core.Clock.Fine;
        Enter();
        _deadlineFired = true;
        _deadlineAlarm = null;
        _stoodStill = wasLate;
        Ballot.Expire();
        var ended = Decide(now);
        Exit();
        return ended;
    }

    private bool OnStall(int index)
    {
        Enter();
        var attempt = _attempts[index];
        attempt.HasAlarm = false;
        attempt.Stall = null;
        var next = !_over && attempt.Phase == AttemptPhase.Calling && Ballot.Idle != 0 ? Ballot.Order.FirstOf(Ballot.Idle) : -1;
        Exit();

        // Nobody to ask instead, or too late to: then it makes no difference that this one is late.
        if (next < 0 || (_core.Decision.IsBudgeted && !MayHedge(_core.Endpoints.At(next))))
        {
            return false;
        }

        var now = _core.Clock.Fine;
        Enter();
        Ballot.Stall(index);
        var ended = Decide(now);
        Exit();
        return ended;
    }

    private bool MayHedge(Endpoint next) => _deadline - _core.Clock.Fine > next.MedianTicks && _core.Hedges.TrySpend();

    private void SetStall(int index, Attempt<T> attempt)
    {
        var clock = _core.Clock;
        var alarm = _core.Endpoints.Alarms.Take();
        var at = clock.Fine + clock.Reach(_core.StallTicks(_core.Endpoints.At(index)), fine: true);
        alarm.Set(this, index, clock.Word(at, fine: true));
        Enter();
        attempt.Stall = attempt.HasAlarm ? alarm : null;
        if (_over)
        {
            CancelStall(attempt);
        }

        Exit();
    }

    // Behind the gate, so that the alarm is not a stranger's yet: it goes back to its pool after its run has passed the gate.
    private void CancelStall(Attempt<T> attempt)
    {
        if (attempt.Stall is { } alarm)
        {
            attempt.Stall = null;
            if (alarm.TryCancel())
            {
                attempt.HasAlarm = false;
                _holds--;
            }
        }
    }

    // Behind the gate, as above.
    private void CancelDeadline()
    {
        if (_deadlineAlarm is { } alarm)
        {
            _deadlineAlarm = null;
            if (alarm.TryCancel())
            {
                _holds--;
            }
        }
    }
}
