using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using Microsoft.Extensions.ObjectPool;

namespace Resilience;

/// <summary>
/// A call that has suspended: the frame, slots, callback and result that lived on the caller's stack, carried on by the same loop. Pooled;
/// one of these a suspended call, however many strategies it has.
/// </summary>
internal sealed partial class PendingCall<TCall, T> : IThreadPoolWorkItem
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
    private int _subscriptions;
    private int _isAwaited;
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

    // Has OnOver called when what the call waits for has ended. True when it is up to this thread to go on: it ended meanwhile, on this
    // thread, or took no continuation. Otherwise the object belongs to whoever completes it, and is not touched any more.
    private bool Subscribe()
    {
        if (_frame.Core.Hedges)
        {
            CallSplit.Look(ref _frame, ref MemoryMarshal.GetArrayDataReference(_slots), ref _call, ref _result);
        }

        var outer = Subscription.Begin(this, ++_subscriptions);
        var hasFailed = false;
        Volatile.Write(ref _isAwaited, 1);
        try
        {
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
            hasFailed = Interlocked.Exchange(ref _isAwaited, 0) != 0;
            if (hasFailed)
            {
                Settlement.Catch(ref _frame, ref _result, exception);
            }
            else
            {
                // It took the continuation, called it, and failed then.
                UnobservedFault.Report(exception);
            }
        }

        return Subscription.End(outer) || hasFailed;
    }

    private void OnOver()
    {
        // A source that answers twice is heard once.
        if (Interlocked.Exchange(ref _isAwaited, 0) == 0)
        {
            return;
        }

        // An end inside the subscription is left to the subscriber, so that nothing nests. Any other is carried on from here, whatever the
        // subscriber does meanwhile: were it left to the second to come, a subscriber that lost its processor would delay the call.
        if (Subscription.TryAnswer(this, _subscriptions))
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
