namespace Resilience.Rpc;

/// <content>Asking endpoints, and what they answer.</content>
internal abstract partial class FanOutRun<T>
{
    /// <summary>A call that had suspended is over.</summary>
    internal void OnOver(int index, ValueTask<T> call)
    {
        End(index, call);
        DriveInFlow();
        Release();
    }

    /// <summary>The delay before an endpoint is asked again is over, or was cut short by the end of the run.</summary>
    internal void OnDelayed(int index)
    {
        Enter();
        _attempts[index].Phase = AttemptPhase.Idle;
        _toStart |= 1u << index;
        Exit();
        DriveInFlow();
        Release();
    }

    // Starts what is to be started, as the caller would: with what was ambient when it called.
    private void DriveInFlow()
    {
        Enter();
        var idle = _over || _toStart == 0;
        Exit();
        if (idle)
        {
            return;
        }

        if (_flow is null)
        {
            Drive();
        }
        else
        {
            ExecutionContext.Run(_flow, s_drive, this);
        }
    }

    private void Drive()
    {
        while (true)
        {
            Enter();
            var index = _over || _toStart == 0 ? -1 : Ballot.Order.FirstOf(_toStart);
            _toStart &= index < 0 ? _toStart : ~(1u << index);
            Exit();
            if (index < 0)
            {
                return;
            }

            Ask(index);
        }
    }

    private void Ask(int index)
    {
        var endpoint = _core.Endpoints.At(index);
        var refused = endpoint.TryEnter(out var permit);
        if (refused != FaultClass.None)
        {
            Settle(index, default, null, refused);
            return;
        }

        if (!TryBegin(_attempts[index], permit))
        {
            endpoint.Leave();
            permit.Ignore();
            return;
        }

        ValueTask<T> call;
        try
        {
            call = Invoke(index, _cancellation.Token);
        }
        catch (Exception exception)
        {
            Settle(index, default, exception, FaultClass.None);
            return;
        }

        Proceed(index, call);
    }

    private void Proceed(int index, ValueTask<T> call)
    {
        if (call.IsCompleted)
        {
            End(index, call);
        }
        else
        {
            Await(index, call);
        }
    }

    private bool TryBegin(Attempt<T> attempt, in Permit permit)
    {
        var now = _shared ? _core.Clock.Fine : _now;
        Enter();
        var begins = !_over;
        if (begins)
        {
            attempt.Permit = permit;
            attempt.Phase = AttemptPhase.Calling;
            attempt.Started = now;
            attempt.First = attempt.Count == 0 ? now : attempt.First;
            attempt.Count++;
        }

        Exit();
        return begins;
    }

    private void Await(int index, ValueTask<T> call)
    {
        var attempt = _attempts[index];
        Share();
        Enter();
        _holds++;
        var stalls = _core.Decision.HeedsStalls && !_over && !attempt.HasAlarm;
        if (stalls)
        {
            _holds++;
            attempt.HasAlarm = true;
        }

        Exit();
        if (stalls)
        {
            SetStall(index, attempt);
        }

        try
        {
            attempt.Await(call);
        }
        catch (Exception exception)
        {
            // A value task that was awaited before takes no second continuation. That is how the call has ended.
            Settle(index, default, exception, FaultClass.None);
            Release();
        }
    }

    private void End(int index, ValueTask<T> call)
    {
        T value;
        try
        {
            value = call.GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            Settle(index, default, exception, FaultClass.None);
            return;
        }

        Settle(index, value, null, FaultClass.None);
    }
}
