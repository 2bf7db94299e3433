namespace Resilience.Rpc;

/// <content>The end, and what comes after it.</content>
internal abstract partial class FanOutRun<T>
{
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
        for (var left = Ballot.Started & ~Ballot.Ended; left != 0; left &= left - 1)
        {
            var attempt = _attempts[Ballot.First(left)];
            CancelStall(attempt);
            losers += attempt.Phase == AttemptPhase.Calling ? 1 : 0;
            if (attempt.Count > 0)
            {
                (attempt.Ended, attempt.State, attempt.Fault) = (now, SlotState.Cancelled, fault);
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
        var core = _core;
        for (var asked = Ballot.Started; asked != 0; asked &= asked - 1)
        {
            _attempts[Ballot.First(asked)].Clear();
        }

        if (!_cancellation.TryReset())
        {
            _cancellation = new CancellationTokenSource();
        }

        if (_shared)
        {
            (_flow, _registration, _callerToken) = (null, default, default);
            (_shared, _suspended, _deadlineFired, _callerCancelled, _stoodStill) = (false, false, false, false, false);
        }

        (_core, _toStart, _over) = (null!, 0, false);
        Return(core);
    }
}
