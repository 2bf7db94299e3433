using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using Microsoft.Extensions.ObjectPool;

namespace Resilience;

/// <summary>
/// A call that has suspended: the frame, slots, callback and result that lived on the caller's stack, carried on by the same loop. Pooled;
/// one of these a suspended call, however many strategies it has.
/// </summary>
/// <remarks>
/// Read once: a token of an earlier use or a read before the end throws and touches nothing. A call that nobody awaits still runs to its
/// end; its object is then left to the collector.
/// </remarks>
internal sealed partial class PendingCall<TCall, T> : IValueTaskSource<T>, IValueTaskSource<Outcome<T>>, IValueTaskSource, IThreadPoolWorkItem
    where TCall : struct, ICall<T>
{
    private static readonly ObjectPool<PendingCall<TCall, T>> s_pool =
        new DefaultObjectPool<PendingCall<TCall, T>>(new DefaultPooledObjectPolicy<PendingCall<TCall, T>>(), PoolLimits.Retained);

    private static readonly ContextCallback s_advance = static state => ((PendingCall<TCall, T>)state!).Advance();
    private static readonly SendOrPostCallback s_resume = static state => ((PendingCall<TCall, T>)state!).Resume();
    private readonly Action _onOver;
    private ManualResetValueTaskSourceCore<bool> _core;
    private CallFrame _frame;
    private Slot[] _slots = new Slot[SlotBuffer.Capacity];
    private TCall _call;
    private T? _result;
    private ExecutionContext? _flow;
    private SynchronizationContext? _context;
    private HedgeAttempt<T>? _attempt;
    private int _handshake;
    private int _readable;

    public PendingCall()
    {
        _onOver = OnOver;
        _readable = _core.Version;
    }

    internal short Version => _core.Version;

    /// <summary>Moves a call that must wait from the stack to the heap and has it carried on when the wait is over.</summary>
    internal static PendingCall<TCall, T> Start(ref CallFrame frame, ref Slot slots, ref TCall call, T? result)
    {
        var pending = s_pool.Get();
        var depth = frame.Core.Strategies.Length;
        if (pending._slots.Length < depth)
        {
            pending._slots = new Slot[depth];
        }

        MemoryMarshal.CreateSpan(ref slots, depth).CopyTo(pending._slots);
        pending._frame = frame;
        pending._call = call;
        pending._result = result;
        pending._flow = ExecutionContext.Capture();
        pending._context = frame.Core.ContinuesOnCapturedContext ? SynchronizationContext.Current : null;
        pending._attempt = frame.Core.Hedges ? frame.AttemptOf<T>() : null;
        if (pending.Subscribe())
        {
            pending.Advance();
            PendingCall.TakeEnded()?.Tell();
        }

        return pending;
    }

    void IThreadPoolWorkItem.Execute() => Resume();

    // Has OnOver called when what the call waits for has ended. True when that has happened already and it is up to this thread to go on.
    private bool Subscribe()
    {
        Volatile.Write(ref _handshake, 0);
        try
        {
            if (_frame.Core.Hedges)
            {
                CallSplit.Look(ref _frame, ref MemoryMarshal.GetArrayDataReference(_slots), ref _call, ref _result);
            }

            if (_frame.Phase != CallPhase.Started)
            {
                _frame.StartWait().ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_onOver);
            }
            else if (_frame.Wrapped is { } part)
            {
                part.OnCompleted(_onOver);
            }
            else
            {
                _call.OnCompleted(_onOver, onCapturedContext: false);
            }
        }
        catch (Exception exception)
        {
            // A value task that was awaited before takes no second continuation. That is how the wait has ended.
            Settlement.Catch(ref _frame, ref _result, exception);
            return true;
        }

        // Of the subscriber and the one who completes, the second to come goes on. So a completion inside the subscription does not nest,
        // and nobody touches the object after it may have been reused.
        return Interlocked.Exchange(ref _handshake, 1) == 1;
    }

    private void OnOver()
    {
        if (Interlocked.Exchange(ref _handshake, 1) == 0)
        {
            return;
        }

        if (_context is not null && (SynchronizationContext.Current != _context || PendingCall.IsCarryingOn))
        {
            Post(_context);
        }
        else if (PendingCall.IsCarryingOn)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }
        else
        {
            Resume();
        }
    }

    private void Post(SynchronizationContext context)
    {
        try
        {
            context.Post(s_resume, this);
        }
        catch (Exception exception)
        {
            // The context is gone. The strategies must be left all the same.
            UnobservedFault.Report(exception);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void Resume()
    {
        PendingCall.Enter();
        try
        {
            if (_flow is null)
            {
                // The caller suppressed its flow, so this thread's own is used, and not changed.
                var guard = FlowGuard.Enter();
                Advance();
                guard.Exit();
            }
            else
            {
                ExecutionContext.Run(_flow, s_advance, this);
            }
        }
        finally
        {
            PendingCall.Exit();
        }

        PendingCall.TakeEnded()?.Tell();
    }

    private void Advance()
    {
        do
        {
            if (CallLoop.Run(ref _frame, ref MemoryMarshal.GetArrayDataReference(_slots), ref _call, ref _result))
            {
                Complete();
                return;
            }
        }
        while (Subscribe());
    }

    private void Complete()
    {
        var fault = _frame.Fault;
        _frame.End();
        _frame = default;
        _frame.Fault = fault;
        _call = default;
        _flow = null;
        _context = null;
        Array.Clear(_slots);
        if (_attempt is { } attempt)
        {
            End(attempt);
            return;
        }

        _core.SetResult(true);
    }

    // An attempt has no awaiter: its race is told when this stack is left.
    private void End(HedgeAttempt<T> attempt)
    {
        attempt.Outcome = new Outcome<T>(_result, _frame.Fault);
        _attempt = null;
        _frame.Fault = default;
        _result = default;
        s_pool.Return(this);
        PendingCall.SetEnded(attempt);
    }
}
