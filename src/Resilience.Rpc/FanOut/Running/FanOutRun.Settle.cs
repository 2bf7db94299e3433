namespace Resilience.Rpc;

/// <content>How an endpoint's call ended, and what follows from it.</content>
internal abstract partial class FanOutRun<T>
{
    // An endpoint's call has ended, or was refused.
    private void Settle(int index, T? value, Exception? exception, FaultClass refused)
    {
        var attempt = _attempts[index];
        var ruling = refused != FaultClass.None ? Ruling.Failure(refused) : Volatile.Read(ref _over) ? default : Judge(value, ref exception);
        var delay = DelayBefore(attempt, ruling);
        var now = _core.Clock.Fine;
        var unlike = EnterCompared(value, exception, ruling);
        _now = now;
        var permit = attempt.Permit;
        var lost = _over;
        var retries = !lost && delay >= 0 && now + delay < _deadline;
        attempt.Permit = default;
        attempt.Phase = retries && delay > 0 ? AttemptPhase.Delaying : AttemptPhase.Idle;
        CancelStall(attempt);
        if (retries)
        {
            // Counted before the run could end: a delay is a hold.
            _holds += delay > 0 ? 1 : 0;
            _toStart |= delay > 0 ? 0 : 1u << index;
            Ballot.Stall(index);
        }
        else if (!lost)
        {
            Record(index, attempt, value, exception, ruling, unlike, now);
        }

        var ended = !lost && Decide(now);
        Exit();
        if (refused == FaultClass.None)
        {
            Report(_core.Endpoints.At(index), attempt, ref permit, value, exception, ruling, lost, now);
        }

        if (retries && delay > 0)
        {
            Share();
            attempt.Await(PendingDelay<Production>.Start(_core.Clock.Delays, _core.Clock.WordAfter(delay), _cancellation.Token));
        }

        if (ended)
        {
            Finish();
        }
    }

    // Runs the user's code. If that throws, the endpoint has failed: nobody can say what its answer is worth.
    private Ruling Judge(T? value, ref Exception? exception)
    {
        try
        {
            return exception is null ? _core.Judge(value!) : _core.Judge(exception);
        }
        catch (Exception thrown)
        {
            exception ??= thrown;
            return Ruling.Unknown;
        }
    }

    // The wait before the endpoint is asked again, or -1 if it is not; also if the user's schedule throws.
    private long DelayBefore(Attempt<T> attempt, in Ruling ruling)
    {
        if (ruling.Fault == FaultClass.None || !FaultTreatment.Of(ruling.Fault).SameEndpoint || attempt.Count > _core.MostRetries || _over)
        {
            return -1;
        }

        try
        {
            return _core.Options.RetryBackoff.GetDelay(attempt.Count - 1, ref attempt.Backoff).Ticks;
        }
        catch (Exception exception)
        {
            UnobservedFault.Report(exception);
            return -1;
        }
    }

    // Enters the gate, once the answer was held against one of every kind that has its key: outside, as that is foreign code and may take long,
    // and again if another came meanwhile. Gives the numbers of those that are other answers all the same.
    private uint EnterCompared(T? value, Exception? exception, in Ruling ruling)
    {
        Enter();
        if (!_core.HoldsTogether || !ruling.HasKey || exception is not null)
        {
            return 0;
        }

        for (var (unlike, same) = (0u, -1); ;)
        {
            var group = _over ? -1 : Ballot.Find(ruling.Key, unlike);
            if (group < 0 || group == same)
            {
                return unlike;
            }

            var other = _attempts[Ballot.First(Ballot.Group(group))];
            var (otherValue, isValue) = (other.Value, other.Exception is null);
            Exit();
            if (isValue && !_core.AreSame(value!, otherValue!))
            {
                unlike |= 1u << group;
            }
            else
            {
                same = group;
            }

            Enter();
        }
    }

    // Behind the gate.
    private void Record(int index, Attempt<T> attempt, T? value, Exception? exception, in Ruling ruling, uint unlike, long now)
    {
        attempt.Value = value;
        attempt.Exception = exception;
        attempt.Fault = ruling.Fault;
        attempt.Ended = now;
        attempt.State = ruling.IsUsable || (exception is null && ruling.Fault == FaultClass.None) ? SlotState.Answered : SlotState.Failed;
        var compares = _core.Compares;
        _ = !ruling.IsUsable || (compares && !ruling.HasKey) ? Ballot.Fail(index)
            : compares ? Ballot.Answer(index, ruling.Key, unlike)
            : Ballot.Answer(index);
    }

    private void Report(
        Endpoint endpoint, Attempt<T> attempt, ref Permit permit, T? value, Exception? exception, in Ruling ruling, bool lost, long now)
    {
        endpoint.Leave();
        if (!lost)
        {
            var health = ruling.Fault == FaultClass.None ? Health.Good : FaultTreatment.Of(ruling.Fault).Verdict.Health;
            endpoint.Report(ref permit, health);
            if (health == Health.Good)
            {
                endpoint.Latency.RecordAt(now - attempt.Started, now);
            }

            return;
        }

        // A loser that answers all the same did its work. One that was cancelled says only that it took longer than until then, which is news
        // if that is longer than usual.
        endpoint.Report(ref permit, exception is null ? Health.Good : Health.None);
        var took = exception is null ? now - attempt.Started : _ended - attempt.Started;
        if (exception is null || took >= Math.Max(1, endpoint.MedianTicks))
        {
            endpoint.Latency.RecordAt(took, now);
        }

        _core.AddLosers(-1);
        if (exception is null && _core.DiscardsValues)
        {
            _core.Discard(value);
        }
    }
}
