namespace Resilience;

/// <content>What the course asks for.</content>
internal abstract partial class HedgeRace
{
    /// <inheritdoc/>
    protected sealed override bool TryPermit(out int debt)
    {
        debt = 0;
        if (_callerToken.IsCancellationRequested
            || (_deadline != CallFrame.NoDeadline && Core.ReadClock() >= _deadline)
            || IsAgainForbidden())
        {
            return false;
        }

        return _strategy.TryWithdraw(ref debt);
    }

    /// <inheritdoc/>
    protected sealed override void GiveBack(int debt)
    {
        var owed = new RetryDebt(debt);
        _strategy.Settle(success: true, ref owed);
    }

    /// <inheritdoc/>
    protected sealed override Action? Start(int index, int debt, HedgeReason reason)
    {
        var attempt = Ready(index);
        attempt.Begin(_callerToken, !Core.OwnsSourcePerAttempt);
        (attempt.Source.Deadline, attempt.Source.DeadlineOwner) = (_deadline, _deadlineOwner);
        attempt.Debt = new RetryDebt(debt);
        attempt.Reason = reason;
        MoveDue();

        // Either this sees the decision, or who decides sees the attempt.
        Volatile.Write(ref At(index), attempt);
        Interlocked.MemoryBarrier();
        if (IsDecided)
        {
            GiveBack(debt);
            attempt.Debt = default;
            return EndUnstarted();
        }

        if (_flow is null)
        {
            var guard = FlowGuard.Enter();
            RunTold(attempt);
            guard.Exit();
        }
        else
        {
            ExecutionContext.Run(_flow, s_run, attempt);
        }

        return attempt.HasEndedAtOnce ? OnEnded(attempt) : null;
    }

    /// <inheritdoc/>
    protected sealed override bool IsUnderWay(int index) => Volatile.Read(ref At(index)) is { IsOver: false };

    /// <inheritdoc/>
    protected sealed override void Cancel(int index)
    {
        var attempt = At(index)!;
        if (!_callerToken.IsCancellationRequested)
        {
            attempt.MarkOutpaced();
        }

        if (Core.Clock.RunsInline)
        {
            attempt.Cancel();
        }
        else
        {
            // Foreign code hangs on the token, and the winner waits for nobody.
            ThreadPool.UnsafeQueueUserWorkItem(attempt, preferLocal: true);
        }
    }

    /// <inheritdoc/>
    protected sealed override void OnDecided(int winner, int losers)
    {
        _strategy.Counters.OnDecided((winner != 0 || _isLater) && !At(winner)!.IsStillborn, losers);
        if (winner != 0 && !At(0)!.IsOver)
        {
            // It has taken so long at least: without it, slow attempts that lose would never be seen.
            Record(-1);
        }

        _strategy.TellEnd(At(winner)!.Verdict.Health == Health.Good, default);
    }

    /// <inheritdoc/>
    protected sealed override void OnLoserEnded() => _strategy.Counters.OnLoserEnded();

    /// <inheritdoc/>
    protected sealed override void ArmTimer(long word)
    {
        if (_timer is null)
        {
            Volatile.Write(ref _timer, HedgeTimer.Rent(this));
        }

        _timer.Arm(word);

        // Between arming and looking whether the race is decided: arming itself is no fence.
        Interlocked.MemoryBarrier();
    }

    /// <inheritdoc/>
    protected sealed override bool TryDisarmTimer(long word) => Volatile.Read(ref _timer) is { } timer && timer.TryDisarm(word);

    /// <inheritdoc/>
    protected sealed override void Recycle()
    {
        for (var i = 0; i < Started; i++)
        {
            At(i)!.End();
            At(i) = null;
        }

        _timer?.Return();
        OuterContext?.Drop();
        _timer = null;
        OuterContext = null;
        _strategy = null!;
        Core = null!;
        _flow = null;
        _context = null;
        _callerToken = default;
        Forget();
        if (!CallThread.Current.TryKeep(this))
        {
            Return();
        }
    }
}
