namespace Resilience.Rpc;

/// <content>Calls that are over when they return, while no other thread knows the run: of these only the end is written down.</content>
internal abstract partial class FanOutRun<T>
{
    // Nothing can end the run or come in between, and every answer but null is taken: no gate, no phase, no alarm, no ruling.
    private void AskAtOnce(int index, Endpoint endpoint, ref Permit permit)
    {
        ValueTask<T> call;
        try
        {
            call = Invoke(index, _cancellation.Token);
        }
        catch (Exception exception)
        {
            TryBegin(_attempts[index], permit);
            Settle(index, default, exception, FaultClass.None);
            return;
        }

        if (call.IsCompletedSuccessfully)
        {
            SettleAtOnce(index, endpoint, ref permit, call.Result);
            return;
        }

        TryBegin(_attempts[index], permit);
        Proceed(index, call);
    }

    private void SettleAtOnce(int index, Endpoint endpoint, ref Permit permit, T value)
    {
        var attempt = _attempts[index];
        var (started, now) = (_now, _core.Clock.Fine);
        (attempt.First, attempt.Ended, attempt.Count) = (started, now, 1);
        (attempt.Value, attempt.State) = (value, SlotState.Answered);
        _now = now;
        _ = value is null ? Ballot.Fail(index) : Ballot.Answer(index);
        var ended = Decide(now);
        endpoint.Leave();
        endpoint.Report(ref permit, Health.Good);
        endpoint.Latency.RecordAt(now - started, now);
        if (ended)
        {
            Finish();
        }
    }
}
