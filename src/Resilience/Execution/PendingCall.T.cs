using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace Resilience;

/// <summary>
/// A call that has suspended: the frame, slots, callback and result that lived on the caller's stack, carried on by the same loop. Pooled;
/// one of these a suspended call, however many strategies it has.
/// </summary>
internal sealed partial class PendingCall<TCall, T> : PendingCall, IThreadPoolWorkItem
    where TCall : struct, ICall<T>
{
    private ManualResetValueTaskSourceCore<bool> _core;
    private CallFrame _frame;
    private Slot[] _slots = new Slot[SlotBuffer.Capacity];
    private TCall _call;
    private T? _result;
    private ExecutionContext? _flow;
    private SynchronizationContext? _context;
    private HedgeAttempt<T>? _attempt;
    private PendingEnd<Production> _end;
    private int _readable;

    public PendingCall()
    {
        _end = new PendingEnd<Production>(this);
        _readable = _core.Version;
    }

    internal short Version => _core.Version;

    void IThreadPoolWorkItem.Execute() => Resume();

    private void Wait()
    {
        if (Subscribe())
        {
            Advance();
            CallThread.Current.TellEnded();
        }
    }

    // Has OnOver called when what the call waits for has ended. True when it is up to this thread to go on: it ended meanwhile, on this
    // thread, or took no continuation. Otherwise the object belongs to whoever completes it, and is not touched any more.
    private bool Subscribe()
    {
        var hedges = _frame.Core.Hedges && PrepareToHedge();
        if (_frame.Core.Hedges && _frame.Wrapped is HedgeRace race)
        {
            return !race.TryAwait(OnDecided);
        }

        var end = _end;
        var number = end.Begin(mayMove: hedges);
        var thread = CallThread.Current;
        var outer = Subscription.Begin(thread, end, number);
        var hasFailed = false;
        if (hedges)
        {
            _timer!.Arm(end, number);
        }

        try
        {
            if (_frame.Phase != CallPhase.Started)
            {
                _frame.StartWait().ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(end.OnOver);
            }
            else if (_frame.Wrapped is { } part)
            {
                Unsafe.As<InnerCall>(part).OnCompleted(end.OnOver);
            }
            else
            {
                _call.OnCompleted(end.OnOver, onCapturedContext: false);
            }
        }
        catch (Exception exception)
        {
            // A value task that was awaited before takes no second continuation. That is how the wait has ended.
            hasFailed = end.TryTakeBack(number);
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

        var goesOn = Subscription.End(thread, outer) || hasFailed;
        if (hedges && !goesOn && end.IsToMove(number))
        {
            // The delay was over before this thread had subscribed.
            SplitLate(bySubscriber: true);
        }

        return goesOn;
    }

    /// <inheritdoc/>
    internal override void OnOver()
    {
        // An end inside the subscription is left to the subscriber, so that nothing nests. Any other is carried on from here, whatever the
        // subscriber does meanwhile: were it left to the second to come, a subscriber that lost its processor would delay the call.
        var thread = CallThread.Current;
        if (!Subscription.TryAnswer(thread, _end, _end.Number))
        {
            GoOn(thread);
        }
    }

    private void GoOn(CallThread thread)
    {
        if (_context is not null && MustHop(thread))
        {
            Post(_context);
        }
        else if (thread.IsCarryingOn)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }
        else
        {
            Resume(thread);
        }
    }

    // To be carried on elsewhere: not on top of another call, and in its own context.
    private bool MustHop(CallThread thread) =>
        thread.IsCarryingOn || (_context is not null && SynchronizationContext.Current != _context);

    private void Post(SynchronizationContext context)
    {
        try
        {
            context.Post(Resumes, this);
        }
        catch (Exception exception)
        {
            // The context is gone. The strategies must be left all the same.
            UnobservedFault.Report(exception);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <inheritdoc/>
    internal override void Resume() => Resume(CallThread.Current);

    private void Resume(CallThread thread)
    {
        thread.Enter();
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
                ExecutionContext.Run(_flow, Advances, this);
            }
        }
        finally
        {
            thread.Exit();
        }

        thread.TellEnded();
    }

    /// <inheritdoc/>
    internal override void Advance()
    {
        do
        {
            if (_timer is not null)
            {
                StopTimer();
            }

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
        var depth = _frame.Core.Strategies.Length;
        _frame.End();
        _frame = default;
        _frame.Fault = fault;
        _call = default;
        _flow = null;
        _context = null;
        for (var i = 0; i < depth; i++)
        {
            _slots[i] = default;
        }

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
        CallThread.Current.SetEnded(attempt);
    }
}
