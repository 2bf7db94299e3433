using System.Runtime.CompilerServices;

namespace Resilience.Rpc;

/// <content>Calls that are over when they return, while no other thread knows the run: of these only the end is written down.</content>
internal abstract partial class FanOutRun<T>
{
    /// <summary>Whether somebody is to be asked.</summary>
    protected bool HasNext => _toStart != 0 && !_over;

    /// <summary>The token for callbacks.</summary>
    protected CancellationToken Token => _cancellation.Token;

    /// <summary>Who is to be asked next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected int TakeNext()
    {
        var index = Ballot.Order.FirstOf(_toStart);
        _toStart &= ~(1u << index);
        return index;
    }

    /// <summary>An endpoint has answered before its call returned. Nothing can have come in between: no gate, no phase, no alarm, no ruling.</summary>
    /// <returns>Whether that ended the run.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected bool SettleAtOnce(int index, Endpoint endpoint, ref Permit permit, T value)
    {
        var attempt = _attempts[index];
        var (started, now) = (_now, _core.Clock.Fine);
        (attempt.First, attempt.Ended, attempt.Count) = (started, now, 1);
        (attempt.Value, attempt.State) = (value, SlotState.Answered);
        _now = now;
        _ = value is null ? Ballot.Fail(index) : Ballot.Answer(index);
        _toStart |= _core.Decision.Next(Ballot);
        endpoint.Leave();
        endpoint.Report(ref permit, Health.Good);
        endpoint.Latency.RecordAt(now - started, now);
        if (!Ballot.IsOver)
        {
            return false;
        }

        // Nobody is under way: there is nothing to take back or to cancel.
        (_ended, _over) = (now, true);
        return true;
    }

    /// <summary>An endpoint refused the call.</summary>
    protected void SettleRefused(int index, FaultClass refused) => Settle(index, default, null, refused);

    /// <summary>An endpoint's call threw before it returned.</summary>
    protected void SettleThrown(int index, in Permit permit, Exception exception)
    {
        TryBegin(_attempts[index], permit);
        Settle(index, default, exception, FaultClass.None);
    }

    /// <summary>An endpoint's call goes on, or did not succeed.</summary>
    protected void Proceed(int index, in Permit permit, ValueTask<T> call)
    {
        TryBegin(_attempts[index], permit);
        Proceed(index, call);
    }

    /// <summary>The result of a run that no other thread knew.</summary>
    protected ValueTask<FanOutResult<T>> FinishedAtOnce()
    {
        _holds = 1;
        return new ValueTask<FanOutResult<T>>(new FanOutResult<T>(this, _version));
    }
}
