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
        var pending = Rent();
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

    /// <inheritdoc/>
    internal override void Return() => s_pool.Return(this);

    // An idle object of another type makes way.
    private static PendingCall<TCall, T> Rent()
    {
        var thread = CallThread.Current;
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

    // The slots one by one: few calls have many, and a copy in bulk costs as much as five.
    private void Take(ref Slot slots, int first, ref TCall call, T? result, ExecutionContext? flow, SynchronizationContext? context)
    {
        var depth = _frame.Core.Strategies.Length;
        EnsureSlots(depth);
        for (var i = first; i < depth; i++)
        {
            _slots[i] = Unsafe.Add(ref slots, i);
        }

        _call = call;
        _result = result;
        _flow = flow;
        _context = context;
    }

    private void EnsureSlots(int depth)
    {
        if (_slots.Length < depth)
        {
            _slots = new Slot[depth];
        }
    }
}
