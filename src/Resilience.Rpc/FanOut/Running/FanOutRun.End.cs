namespace Resilience.Rpc;

/// <content>The alarms, the end, and what comes after it.</content>
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

    private void OnCallerCancelled()
    {
        var now = _core.Clock.Fine;
        Enter();
        var ended = !_over;
        if (ended)
        {
            _callerCancelled = true;
            Close(now);
        }

        Exit();
        if (ended)
        {
            Finish();
        }

        Release();
    }

    // Behind the gate. True when this ended the run, and the thread is to finish it.
    private bool Decide(long now)
    {
        if (_over)
        {
            return false;
        }

        _toStart |= _core.Decision.Next(Ballot);
        if (Ballot.IsOver)
        {
            Close(now);
        }

        return _over;
    }

    // Behind the gate: freezes what the result shows.
    private void Close(long now)
    {
        _ended = now;
        var fault = _callerCancelled ? FaultClass.Cancelled : Ballot.End == FanOutEnd.Deadline ? FaultClass.Timeout : FaultClass.LostRace;
        var losers = 0;
        for (var i = 0; i < Ballot.Count; i++)
        {
            var attempt = _attempts[i];
            CancelStall(attempt);
            losers += attempt.Phase == AttemptPhase.Calling ? 1 : 0;
            if (attempt.State == SlotState.NotStarted)
            {
                attempt.Ended = _ended;
                attempt.State = attempt.Count > 0 ? SlotState.Cancelled : SlotState.NotStarted;
                attempt.Fault = attempt.Count > 0 ? fault : FaultClass.NotStarted;
            }
        }

        if (losers > 0)
        {
            _core.AddLosers(losers);
        }

        CancelDeadline();
        Volatile.Write(ref _over, true);
    }

    // Once, by the thread that ended the run, which holds it. The caller goes on before the losers' own code runs.
    private void Finish()
    {
        if (!_shared)
        {
            MarkDissent();
            return;
        }

        if (!_callerCancelled && _registration.Unregister())
        {
            Release();
        }

        if (Ballot.End == FanOutEnd.Deadline && !_stoodStill)
        {
            ReportTimeouts();
        }

        MarkDissent();
        Enter();
        var suspended = _suspended;
        Exit();
        if (suspended)
        {
            _source.SetResult(true);
        }

        CancelLosers();
    }

    private void CancelLosers()
    {
        Enter();
        var left = false;
        for (var i = 0; i < Ballot.Count; i++)
        {
            left |= _attempts[i].Phase != AttemptPhase.Idle;
        }

        Exit();
        if (!left)
        {
            return;
        }

        try
        {
            _cancellation.Cancel();
        }
        catch (Exception exception)
        {
            // A callback that a loser registered threw. No caller is on this stack.
            UnobservedFault.Report(exception);
        }
    }

    // Now, and not when they end, which they may never do.
    private void ReportTimeouts()
    {
        for (var i = 0; i < Ballot.Count; i++)
        {
            Enter();
            var attempt = _attempts[i];
            var runs = attempt.Phase == AttemptPhase.Calling;
            var permit = attempt.Permit;
            attempt.Permit = default;
            Exit();
            if (runs)
            {
                _core.Endpoints.At(i).Report(ref permit, Health.Bad);
            }
        }
    }

    private void MarkDissent()
    {
        if (Ballot.Status != FanOutStatus.Agreed || Ballot.Groups == 1)
        {
            return;
        }

        var dissenting = Ballot.Answered & ~Ballot.Group(Ballot.GroupOf(Ballot.Winner));
        for (; dissenting != 0; dissenting &= dissenting - 1)
        {
            _core.Endpoints.Dissent.Mark(Ballot.First(dissenting), _ended);
        }
    }

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

    private void DiscardValues()
    {
        for (var i = 0; i < Ballot.Count && _core.DiscardsValues; i++)
        {
            if (_attempts[i] is { State: SlotState.Answered or SlotState.Failed, Value: not null } attempt)
            {
                _core.Discard(attempt.Value);
            }
        }
    }

    private void Release(int holds = 1)
    {
        Enter();
        _holds -= holds;
        var isLast = _holds == 0;
        Exit();
        if (isLast)
        {
            Recycle();
        }
    }

    // Nobody else knows the run any more.
    private void Recycle()
    {
        for (var i = 0; i < Ballot.Count; i++)
        {
            _attempts[i].Clear();
        }

        if (_cancellation.IsCancellationRequested || !_cancellation.TryReset())
        {
            _cancellation = new CancellationTokenSource();
        }

        (_core, _flow, _registration, _callerToken) = (null!, null, default, default);
        (_toStart, _ended) = (0, 0);
        (_shared, _over, _suspended, _deadlineFired, _callerCancelled, _stoodStill) = (false, false, false, false, false, false);
        Return();
    }
}
