namespace Resilience.Rpc;

/// <summary>One endpoint's place in a run: the call under way, and what became of it. Belongs to its run for good.</summary>
internal sealed class Attempt<T>
{
    private readonly FanOutRun<T> _run;
    private readonly int _index;
    private readonly Action _onOver;
    private ValueTask<T> _call;
    private ValueTask _delay;

    internal Attempt(FanOutRun<T> run, int index)
    {
        (_run, _index) = (run, index);
        _onOver = OnOver;
    }

    // Fields of the run, which guards them; mutable, for they are its state.
    internal Permit Permit;
    internal long First;
    internal long Started;
    internal long Ended;
    internal int Count;
    internal AttemptPhase Phase;
    internal Alarm? Stall;

    // From before an alarm is set until it was taken back or the run was told: until then there is no other.
    internal bool HasAlarm;
    internal SlotState State;
    internal FaultClass Fault;
    internal T? Value;
    internal Exception? Exception;
    internal BackoffState Backoff;

    /// <summary>Has the run told when the call is over.</summary>
    internal void Await(ValueTask<T> call)
    {
        _call = call;
        _call.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_onOver);
    }

    /// <summary>Has the run told when the delay is over.</summary>
    internal void Await(ValueTask delay)
    {
        _delay = delay;
        _delay.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_onOver);
    }

    internal void Clear()
    {
        (Permit, Stall, HasAlarm, Exception, Value) = (default, null, false, null, default);
        (First, Started, Ended, Count, Backoff) = (0, 0, 0, 0, default);
        (Phase, State, Fault) = (AttemptPhase.Idle, SlotState.NotStarted, FaultClass.None);
    }

    private void OnOver()
    {
        if (Phase == AttemptPhase.Delaying)
        {
            var delay = _delay;
            _delay = default;
            delay.GetAwaiter().GetResult();
            _run.OnDelayed(_index);
            return;
        }

        var call = _call;
        _call = default;
        _run.OnOver(_index, call);
    }
}
