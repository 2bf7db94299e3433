using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Resilience;

/// <content>
/// How a call that waits inside a hedging strategy becomes a race and, as its first attempt, a call of its own: at once, or when the delay
/// is over. Until then it waits like any other, and one that ends before has no race.
/// </content>
internal sealed partial class PendingCall<TCall, T>
{
    private HedgeTimer? _timer;
    private Action? _onDecided;
    private int _hedgePosition;

    // Heard once and never inside a subscription, so without a PendingEnd.
    private Action OnDecided => _onDecided ??= GoOnDecided;

    /// <inheritdoc/>
    internal override void SplitLate(bool bySubscriber)
    {
        var end = _end;
        var timer = _timer;
        _timer = null;
        if (bySubscriber)
        {
            timer!.Stop();
            timer = null;
        }

        var race = Begin(_hedgePosition, out var part);
        (_end, part._end) = (part._end, end);
        _end.HandTo(this);
        end.HandTo(part);
        race.HoldDelay(timer);

        // From here on the call belongs to the race, and the attempt to whoever ends it.
        var isAwaited = race.TryAwait(OnDecided);
        Debug.Assert(isAwaited, "No attempt ends before the race goes on.");
        if (end.HasEndedWhileMoving())
        {
            part.OnOver();
        }

        race.OnTimer();
    }

    /// <summary>
    /// Runs an attempt that a race starts; true if it is over at once, and otherwise it tells the race. On the heap from the beginning: most
    /// attempts beside another wait.
    /// </summary>
    internal static bool RunAttempt(HedgeAttempt<T> attempt, int number, ref TCall call)
    {
        var core = attempt.Race.Core;
        var guard = core.GuardsFlow ? FlowGuard.Enter() : default;
        var pending = Of(attempt);
        pending.EnsureSlots(core.Strategies.Length);
        pending._frame = new CallFrame(attempt, number, pending.OwnExtras);
        pending._call = call;
        pending._flow = ExecutionContext.Capture();
        pending._context = core.ContinuesOnCapturedContext ? SynchronizationContext.Current : null;
        pending._attempt = attempt;
        Settlement.MayStart(ref pending._frame);
        pending.Advance();

        // Before the guard: what listens to the flow may end other attempts.
        var hasEnded = CallThread.Current.TakeEnded(attempt);
        guard.Exit();
        return hasEnded;
    }

    // True when the call is to be split once the delay is over: the timer is set. Split at once is what waits for more than its callback,
    // what is inside another hedging strategy, and what is hedged without a delay.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool PrepareToHedge()
    {
        var strategies = _frame.Core.Strategies;
        var position = -1;
        var isNested = false;
        for (var i = (int)_frame.Start; i < _frame.Position; i++)
        {
            if (strategies[i].Hedging is not null)
            {
                isNested = position >= 0;
                position = isNested ? position : i;
            }
        }

        if (position < 0)
        {
            return false;
        }

        var hedging = strategies[position].Hedging!;
        var (delay, due) = hedging.BeginWait(_frame.Core.Clock, ref _slots[position]);
        if (delay == 0 || isNested || _frame.Phase != CallPhase.Started || _frame.Wrapped is not null)
        {
            Split(position);
            return false;
        }

        if (delay < 0)
        {
            return false;
        }

        _hedgePosition = position;
        _timer = HedgeTimer.Rent(_frame.Core.Clock, due);
        return true;
    }

    private void Split(int position)
    {
        var race = Begin(position, out var part);
        part.Wait();
        race.Go();
    }

    private HedgeRace<T> Begin(int position, out PendingCall<TCall, T> part)
    {
        var hedging = _frame.Core.Strategies[position].Hedging!;
        var race = hedging.RentRace<TCall, T>(CallThread.Current, ref _call);
        ref var slot = ref _slots[position];
        var source = (AttemptSource)slot.Reference!;
        var first = race.BeginFirst(source);
        part = Of(first);
        if (_frame.Has(_ownExtras))
        {
            // They go with the attempt.
            (_ownExtras, part._ownExtras) = (part._ownExtras, _ownExtras);
        }

        _frame.Split(source, position, OwnExtras, out part._frame);
        part._frame.Join(first, part.OwnExtras);
        part._attempt = first;
        part.Take(ref MemoryMarshal.GetArrayDataReference(_slots), position + 1, ref _call, _result, _flow, _context);
        _result = default;
        race.Begin(hedging, ref _frame, slot, _flow, _context);
        return race;
    }

    private void GoOnDecided()
    {
        var thread = CallThread.Current;
        if (_frame.Position != _frame.Start || MustHop(thread) || _flow is null || _flow != ExecutionContext.Capture())
        {
            GoOn(thread);
            return;
        }

        // Nothing is left to leave and the thread is in the call's flow: the call ends here, and runs nobody's code but its caller's.
        thread.Enter();
        try
        {
            _frame.RefreshClock();
            Unsafe.As<HedgeRace<T>>(_frame.TakeWrapped()!).Finish(ref _frame, ref _result);
            Complete();
        }
        finally
        {
            thread.Exit();
        }

        thread.TellEnded();
    }

    // The call that the attempt has kept, unless that is for another callback.
    private static PendingCall<TCall, T> Of(HedgeAttempt<T> attempt)
    {
        if (attempt.Call is PendingCall<TCall, T> own)
        {
            return own;
        }

        attempt.Call?.Return();
        own = s_pool.Get();
        attempt.Call = own;
        return own;
    }

    // The end came first. A timer whose time had come is on its way, and gives itself back.
    private void StopTimer()
    {
        var timer = _timer!;
        _timer = null;
        timer.Stop();
    }
}
