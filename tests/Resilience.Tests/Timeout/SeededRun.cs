using System.Threading.Tasks.Sources;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Timeouts;

/// <summary>A copy of an abandonable run's steps in which one can be wrong, to see that the programs notice.</summary>
internal sealed class SeededRun<T> : DeadlineItem<Explored>, IValueTaskSource<Outcome<T>>
{
    private const int Waiting = 0;
    private const int Ended = 1;
    private const int Due = 2;
    private const int Cancelled = 3;
    private readonly AbandonableBug _bug;
    private readonly Stack<SeededRun<T>> _home;
    private ManualResetValueTaskSourceCore<bool> _core;
    private CancellationTokenRegistration _registration;
    private ValueTask<Outcome<T>> _run;
    private Outcome<T> _outcome;
    private InnerCall? _call;
    private AbandonedCalls _abandoned = null!;
    private long _word;
    private int _state;

    private SeededRun(Sweeper<Explored> sweeper, Stack<SeededRun<T>> home, AbandonableBug bug)
        : base(sweeper)
    {
        _home = home;
        _bug = bug;
    }

    /// <summary>The outcome of <paramref name="run"/>, by an object of <paramref name="home"/> if there is one.</summary>
    public static ValueTask<Outcome<T>> Start(
        InnerCall call, ValueTask<Outcome<T>> run, AbandonedCalls abandoned, Sweeper<Explored> sweeper, Stack<SeededRun<T>> home, AbandonableBug bug)
    {
        var pending = home.TryPop(out var used) ? used : new SeededRun<T>(sweeper, home, bug);
        var version = pending._core.Version;
        pending._call = call;
        pending._run = run;
        pending._abandoned = abandoned;
        pending.Begin(call);
        run.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(pending.OnEnded);
        return new ValueTask<Outcome<T>>(pending, version);
    }

    public Outcome<T> GetResult(short token)
    {
        _core.GetResult(token);
        var outcome = _outcome;
        var detached = _registration == default || _registration.Unregister() || _bug == AbandonableBug.CancellationOnItsWayIgnored;
        _registration = default;
        var isOverdue = _word != 0 && _bug != AbandonableBug.LeftArmed && !TryDisarm(_word) && _bug != AbandonableBug.DeadlineOnItsWayIgnored;
        if (_bug != AbandonableBug.UsedAgainAfterGivingUp)
        {
            if (_state == Due || isOverdue)
            {
                return outcome;
            }

            if (_state != Ended || !detached)
            {
                LeaveTable();
                return outcome;
            }
        }

        _outcome = default;
        _run = default;
        _core.Reset();
        Explored.Point(40);
        Volatile.Write(ref _state, Waiting);
        _home.Push(this);
        return outcome;
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    protected internal override void OnDue()
    {
        LeaveTable();
        GiveUp(Due);
    }

    private void Begin(InnerCall call)
    {
        _word = call.Deadline == CallFrame.NoDeadline ? 0 : call.Core.Word(call.Deadline);
        if (_word != 0)
        {
            Arm(_word);
        }

        if (call.CallerToken.CanBeCanceled)
        {
            _registration = call.CallerToken.UnsafeRegister(static state => ((SeededRun<T>)state!).GiveUp(Cancelled), this);
        }
    }

    private void OnEnded()
    {
        Explored.Point(41);
        if (!TryBe(Ended, AbandonableBug.EndedWithoutCompareExchange))
        {
            Observe();
            return;
        }

        _call = null;
        _outcome = _run.GetAwaiter().GetResult();
        Explored.Point(42);
        Complete();
    }

    private bool TryBe(int state, AbandonableBug inTwoSteps)
    {
        if (_bug != inTwoSteps)
        {
            return Interlocked.CompareExchange(ref _state, state, Waiting) == Waiting;
        }

        var isFirst = _state == Waiting;
        Explored.Point(45);
        _state = isFirst ? state : _state;
        return isFirst;
    }

    private void GiveUp(int why)
    {
        _abandoned.Begin();
        Explored.Point(43);
        if (!TryBe(why, AbandonableBug.GivenUpWithoutCompareExchange))
        {
            if (_bug != AbandonableBug.LostAbandonmentCounted)
            {
                _abandoned.Withdraw();
            }

            return;
        }

        var call = _call!;
        _call = null;
        Exception exception = why == Due
            ? new TimeoutRejectedException(call.DeadlineOrigin, null)
            : new OperationCanceledException(call.CallerToken);
        call.Judge(exception, Verdict.Transient);
        if (_bug == AbandonableBug.CompletedBeforeTheOutcome)
        {
            Complete();
        }

        _outcome = new Outcome<T>(default, new Fault(exception));
        Explored.Point(44);
        if (_bug != AbandonableBug.CompletedBeforeTheOutcome)
        {
            Complete();
        }
    }

    // A bug completes it twice, and what a task's continuation throws nobody can catch. The books tell of it.
    private void Complete()
    {
        try
        {
            _core.SetResult(true);
        }
        catch (InvalidOperationException)
        {
        }
    }

    private void Observe()
    {
        var outcome = _run.GetAwaiter().GetResult();
        var result = outcome.ResultOrDefault;
        if (_bug != AbandonableBug.LateResultNotDisposed)
        {
            Settlement.Discard(ref result);
        }

        _abandoned.End(outcome.HasResult);
    }
}
