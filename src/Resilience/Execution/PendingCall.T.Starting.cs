using System.Runtime.CompilerServices;
using Microsoft.Extensions.ObjectPool;

namespace Resilience;

/// <content>How a call gets its object, and moves to it from the stack.</content>
internal sealed partial class PendingCall<TCall, T>
{
    private static readonly ObjectPool<PendingCall<TCall, T>> s_pool =
        new DefaultObjectPool<PendingCall<TCall, T>>(new DefaultPooledObjectPolicy<PendingCall<TCall, T>>(), PoolLimits.Retained);

    private CallExtras? _ownExtras;

    private CallExtras OwnExtras => _ownExtras ??= CallExtras.Keep();

    /// <summary>Moves a call that must wait from the stack to the heap and has it carried on when the wait is over.</summary>
    internal static PendingCall<TCall, T> Start(ref CallFrame frame, ref Slot slots, ref TCall call, T? result)
    {
        if (frame.Core.HedgesCallback && StartRace(ref frame, ref slots, ref call) is { } raced)
        {
            return raced;
        }

        var pending = Rent(CallThread.Current);
        pending.Take(
            ref frame,
            ref slots,
            ref call,
            result,
            ExecutionContext.Capture(),
            frame.Core.ContinuesOnCapturedContext ? SynchronizationContext.Current : null);
        pending.Wait();
        return pending;
    }

    // A call that is to be split without waiting, from the stack: null if it is not, or has what its attempt would need.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PendingCall<TCall, T>? StartRace(ref CallFrame frame, ref Slot slots, ref TCall call)
    {
        if (frame.Phase != CallPhase.Started || !frame.HasNoExtras)
        {
            return null;
        }

        var position = frame.Core.Strategies.Length - 1;
        var hedging = frame.Core.Strategies[position].Hedging!;
        ref var slot = ref Unsafe.Add(ref slots, position);
        if (hedging.BeginWait(frame.Core.Clock, ref slot).Delay != 0)
        {
            return null;
        }

        var thread = CallThread.Current;
        var pending = Rent(thread);
        var race = hedging.RentRace<TCall, T>(thread, ref call);
        var source = Unsafe.As<AttemptSource>(slot.Reference!);
        var first = race.BeginFirst(source);
        var (number, deadline) = (frame.Attempt, frame.Source);
        frame.Leave(source, position, pending.OwnExtras);
        pending._frame = frame;
        pending._flow = ExecutionContext.Capture();
        if (position > 0)
        {
            // What is outside may ask for another round.
            pending._call = call;
            pending.Take(ref slots, 0, position);
        }

        race.Begin(hedging, ref pending._frame, slot, pending._flow, context: null);
        AttemptCall<TCall, T>.GoOn(thread, first, number, ref call, deadline);
        race.Go();
        if (!race.TryAwait(pending.OnDecided))
        {
            pending.Advance();
            thread.TellEnded();
        }

        return pending;
    }

    /// <inheritdoc/>
    internal override void Return() => s_pool.Return(this);

    // An idle object of another type makes way.
    private static PendingCall<TCall, T> Rent(CallThread thread)
    {
        if (thread.IdleCall is { } idle)
        {
            thread.IdleCall = null;
            if (idle is PendingCall<TCall, T> own)
            {
                return own;
            }

            idle.Return();
        }

        return s_pool.Get();
    }

    private void Take(
        ref CallFrame frame, ref Slot slots, ref TCall call, T? result, ExecutionContext? flow, SynchronizationContext? context)
    {
        _frame = frame;
        _attempt = frame.Core.Hedges ? frame.AttemptOf<T>() : null;
        Take(ref slots, 0, ref call, result, flow, context);
    }

    private void Take(ref Slot slots, int first, ref TCall call, T? result, ExecutionContext? flow, SynchronizationContext? context)
    {
        Take(ref slots, first, _frame.Core.Strategies.Length);
        _call = call;
        _result = result;
        _flow = flow;
        _context = context;
    }

    // One by one: few calls have many, and a copy in bulk costs as much as five.
    private void Take(ref Slot slots, int first, int depth)
    {
        EnsureSlots(depth);
        for (var i = first; i < depth; i++)
        {
            _slots[i] = Unsafe.Add(ref slots, i);
        }
    }

    private void EnsureSlots(int depth)
    {
        if (_slots.Length < depth)
        {
            _slots = new Slot[depth];
        }
    }
}
