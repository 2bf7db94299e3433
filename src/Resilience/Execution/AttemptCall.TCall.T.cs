using System.Runtime.CompilerServices;
using Microsoft.Extensions.ObjectPool;

namespace Resilience;

/// <summary>
/// An attempt of a race that is its callback alone, for no strategy is inside the hedging one. It keeps nothing of a frame while it waits but
/// what the callback has asked for; the rest is made anew for its end. What a <see cref="PendingCall{TCall, T}"/> does besides, such an attempt
/// has no use for, and that is a sixth of hedging.secondary-wins.
/// </summary>
/// <remarks>Belongs to its attempt, which keeps it for the next race. One attempt at a time.</remarks>
/// <typeparam name="TCall">The shape of the callback.</typeparam>
/// <typeparam name="T">The type of the result.</typeparam>
internal sealed partial class AttemptCall<TCall, T> : SuspendedCall, IThreadPoolWorkItem
    where TCall : struct, ICall<T>
{
    private static readonly ObjectPool<AttemptCall<TCall, T>> s_pool =
        new DefaultObjectPool<AttemptCall<TCall, T>>(new DefaultPooledObjectPolicy<AttemptCall<TCall, T>>(), PoolLimits.Retained);

    private readonly CallExtras _ownExtras = CallExtras.Keep();
    private readonly PendingEnd<Production> _end;
    private TCall _call;
    private HedgeAttempt<T>? _attempt;
    private DeadlineSource? _source;
    private ExecutionContext? _flow;
    private int _number;

    public AttemptCall() => _end = new PendingEnd<Production>(this);

    void IThreadPoolWorkItem.Execute() => Resume(CallThread.Current);

    /// <summary>Runs an attempt that a race starts; true if it is over at once, and otherwise it tells the race.</summary>
    internal static bool Run(HedgeAttempt<T> attempt, int number, ref TCall call) =>
        Of(attempt, number, ref call, ExecutionContext.Capture()).Run();

    /// <summary>Goes on with the first attempt of a call, whose callback waits, and which tells the race when it is over.</summary>
    internal static void GoOn(CallThread thread, HedgeAttempt<T> attempt, int number, ref TCall call, DeadlineSource? source)
    {
        var own = Of(attempt, number, ref call, attempt.Race.Flow);
        own._source = source;
        if (own.Subscribe(thread))
        {
            attempt.Tell();
        }
    }

    /// <inheritdoc/>
    internal override void OnOver()
    {
        var thread = CallThread.Current;
        if (Subscription.TryAnswer(thread, _end, _end.Number))
        {
            return;
        }

        if (thread.IsCarryingOn)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }
        else
        {
            Resume(thread);
        }
    }

    /// <inheritdoc/>
    internal override void Advance() => Finish(null);

    /// <inheritdoc/>
    internal override void Return() => s_pool.Return(this);

    // The one that the attempt has kept, unless that is for another callback.
    private static AttemptCall<TCall, T> Of(HedgeAttempt<T> attempt, int number, ref TCall call, ExecutionContext? flow)
    {
        if (attempt.Call is not AttemptCall<TCall, T> own)
        {
            attempt.Call?.Return();
            own = s_pool.Get();
            attempt.Call = own;
        }

        own._attempt = attempt;
        own._number = number;
        own._call = call;
        own._flow = flow;
        return own;
    }

    private bool Run()
    {
        var frame = new CallFrame(_attempt!, _number, _ownExtras);
        var result = default(T?);
        var isPending = false;
        if (Settlement.MayStart(ref frame))
        {
            try
            {
                isPending = !_call.Start(ref frame, ref result);
                if (!isPending)
                {
                    frame.Phase = CallPhase.Leaving;
                    Settlement.Settle(ref frame, ref result);
                }
            }
            catch (Exception exception)
            {
                Fail(ref frame, ref result, exception);
            }
        }

        if (isPending)
        {
            _source = frame.Source;
            return Subscribe(CallThread.Current);
        }

        End(ref frame, result);
        return true;
    }

    // True when the attempt is over: it ended meanwhile, on this thread, or took no continuation.
    private bool Subscribe(CallThread thread)
    {
        var end = _end;
        var number = end.Begin(mayMove: false);
        var outer = Subscription.Begin(thread, end, number);
        Exception? failed = null;
        try
        {
            _call.OnCompleted(end.OnOver, onCapturedContext: false);
        }
        catch (Exception exception)
        {
            // A value task that was awaited before takes no second continuation. That is how the wait has ended.
            if (end.TryTakeBack(number))
            {
                failed = exception;
            }
            else
            {
                // It took the continuation, called it, and failed then.
                UnobservedFault.Report(exception);
            }
        }

        var isOver = Subscription.End(thread, outer) || failed is not null;
        if (isOver)
        {
            Finish(failed);
        }

        return isOver;
    }

    private void Resume(CallThread thread)
    {
        var attempt = _attempt!;
        thread.Enter();
        try
        {
            // A thread that is in the call's flow, as one is that has just run its callback, need not enter it; and a caller that suppressed its
            // flow has the thread's own used, and not changed.
            var guard = FlowGuard.Enter();
            if (_flow is null || guard.IsIn(_flow))
            {
                Finish(null);
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

        attempt.Tell();
    }
}
