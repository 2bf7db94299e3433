using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Resilience;

/// <summary>
/// The outcome of a run that is not waited for beyond its deadline, or its caller's cancellation: whichever of the three comes first. A run
/// that comes later is observed, counted, and its result disposed.
/// </summary>
/// <remarks>
/// Awaited once. Pooled; used again only if the run came first and neither the sweeper nor the caller's token can reach the object any more.
/// </remarks>
/// <typeparam name="T">The type of the result.</typeparam>
/// <typeparam name="TI">How accesses are ordered; <see cref="Production"/> outside of tests.</typeparam>
internal sealed class AbandonableRun<T, TI> : DeadlineItem<TI>, IValueTaskSource<Outcome<T>>
    where TI : struct, IInterleaving
{
    private const int Waiting = 0;
    private const int Ended = 1;
    private const int Due = 2;
    private const int Cancelled = 3;
    private static readonly ConditionalWeakTable<Sweeper<TI>, ItemPool<AbandonableRun<T, TI>>> s_pools = [];
    private readonly ItemPool<AbandonableRun<T, TI>> _home;
    private readonly Action _onEnded;
    private ManualResetValueTaskSourceCore<bool> _core;
    private CancellationTokenRegistration _registration;
    private ValueTask<Outcome<T>> _run;
    private Outcome<T> _outcome;
    private InnerCall? _call;
    private AbandonedCalls _abandoned = null!;
    private long _word;
    private int _state;

    private AbandonableRun(Sweeper<TI> sweeper, ItemPool<AbandonableRun<T, TI>> home)
        : base(sweeper)
    {
        _home = home;
        _onEnded = OnEnded;
    }

    /// <summary>The outcome of <paramref name="run"/>, a run of <paramref name="call"/>.</summary>
    internal static ValueTask<Outcome<T>> Start(InnerCall call, ValueTask<Outcome<T>> run, AbandonedCalls abandoned, Sweeper<TI> sweeper)
    {
        var home = s_pools.GetValue(sweeper, static s => Pool(s));
        var pending = home.Take();
        var version = pending._core.Version;
        pending._call = call;
        pending._run = run;
        pending._abandoned = abandoned;
        pending.Begin(call);
        run.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(pending._onEnded);
        return new ValueTask<Outcome<T>>(pending, version);
    }

    Outcome<T> IValueTaskSource<Outcome<T>>.GetResult(short token)
    {
        _core.GetResult(token);
        var outcome = _outcome;
        var detached = _registration == default || _registration.Unregister();
        _registration = default;

        // A claimed OnDue that is still on its way gives the place back itself.
        if (_state == Due || (_word != 0 && !TryDisarm(_word)))
        {
            return outcome;
        }

        if (_state != Ended || !detached)
        {
            // Not used again: the run, or a late cancellation, may still come.
            LeaveTable();
            return outcome;
        }

        _outcome = default;
        _run = default;
        _core.Reset();
        TI.Point(40);
        Volatile.Write(ref _state, Waiting);
        if (!_home.TryReturn(this))
        {
            LeaveTable();
        }

        return outcome;
    }

    ValueTaskSourceStatus IValueTaskSource<Outcome<T>>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<Outcome<T>>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <inheritdoc/>
    protected internal override void OnDue()
    {
        LeaveTable();
        GiveUp(Due);
    }

    private static ItemPool<AbandonableRun<T, TI>> Pool(Sweeper<TI> sweeper)
    {
        ItemPool<AbandonableRun<T, TI>>? home = null;
        home = new ItemPool<AbandonableRun<T, TI>>(() => new AbandonableRun<T, TI>(sweeper, home!));
        return home;
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
            // Stored before the outcome can be read by its awaiter, who has not been given the task yet.
            _registration = call.CallerToken.UnsafeRegister(static state => ((AbandonableRun<T, TI>)state!).GiveUp(Cancelled), this);
        }
    }

    private void OnEnded()
    {
        TI.Point(41);
        if (Interlocked.CompareExchange(ref _state, Ended, Waiting) != Waiting)
        {
            Observe();
            return;
        }

        _call = null;
        _outcome = _run.GetAwaiter().GetResult();
        TI.Point(42);
        _core.SetResult(true);
    }

    // Who wins may still use the call: the pipeline holds it until the outcome is there.
    private void GiveUp(int why)
    {
        // Counted before, so that the run's end is never counted first.
        _abandoned.Begin();
        TI.Point(43);
        if (Interlocked.CompareExchange(ref _state, why, Waiting) != Waiting)
        {
            _abandoned.Withdraw();
            return;
        }

        var call = _call!;
        _call = null;
        Exception exception = why == Due
            ? new TimeoutRejectedException(call.DeadlineOrigin, null)
            : new OperationCanceledException(call.CallerToken);
        call.Judge(exception, why == Due && !WasLate ? Verdict.Transient : Verdict.Ignored);
        _outcome = new Outcome<T>(default, new Fault(exception));
        TI.Point(44);
        _core.SetResult(true);
    }

    private void Observe()
    {
        var outcome = _run.GetAwaiter().GetResult();
        _run = default;
        var result = outcome.ResultOrDefault;
        try
        {
            Settlement.Discard(ref result);
        }
        catch (Exception exception)
        {
            // Nobody is there to catch it.
            UnobservedFault.Report(exception);
        }

        _abandoned.End(outcome.HasResult);
    }
}
