using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// The edges for the callback that most calls have: a state and a token. They call the delegate themselves, and nothing on their straight
/// line depends on the type of the result: code that is shared between reference types would look that type up at every step, which
/// breaker.closed measures as a third of a call. What leaves the line goes on in <see cref="CallRunner"/>.
/// </summary>
internal static class StraightCall
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ValueTask<T> ThrowingAsync<TState, T>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token) =>
        core.IsShallow
            ? ThrowingAsync<TState, T, ShallowSlots>(core, callback, state, token)
            : ThrowingAsync<TState, T, SlotBuffer>(core, callback, state, token);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ValueTask<Outcome<T>> OutcomeAsync<TState, T>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token) =>
        core.IsShallow
            ? OutcomeAsync<TState, T, ShallowSlots>(core, callback, state, token)
            : OutcomeAsync<TState, T, SlotBuffer>(core, callback, state, token);

    private static ValueTask<T> ThrowingAsync<TState, T, TSlots>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token)
        where TSlots : struct
    {
        // Locals are cleared on entry; clearing the slots a second time is measured in pipeline.empty.
        Unsafe.SkipInit(out TSlots slots);
        Unsafe.SkipInit(out ValueTask<T> task);
        if (!core.IsPlain || token.IsCancellationRequested)
        {
            return Guarded(core, callback, state, token);
        }

        // After the branch, so that the frame is cleared field by field: a load from a vector store that crosses a cache line waits for it,
        // which made breaker.closed cost 8 or 15 ns by where the stack happened to lie.
        var frame = new CallFrame(core, token);
        var entry = Entry.Go;
        var exit = Exit.Continue;
        Exception? thrown = null;
        try
        {
            do
            {
                entry = CallLoop.EnterStraight(ref frame, ref First(ref slots));
                if (entry == Entry.Go)
                {
                    task = callback(state, frame.CancellationToken);
                    if (task.IsCompletedSuccessfully)
                    {
                        frame.Phase = CallPhase.Leaving;
                        frame.RefreshClock();
                        if (frame.Source is not null)
                        {
                            frame.ReleaseSource();
                        }

                        if (frame.Core.ResultClassifier is { } classifier)
                        {
                            // A task can be read once only.
                            var returned = task.GetAwaiter().GetResult();
                            task = new ValueTask<T>(returned);
                            Classify(ref frame, classifier, returned);
                        }

                        exit = CallLoop.LeaveStraight(ref frame, ref First(ref slots));
                        if (exit == Exit.Continue && frame.IsClean)
                        {
                            return task;
                        }
                    }
                }
            }
            while (exit == CallTurn.DecidedAgain
                && (exit = AgainAtOnce(ref frame, ref First(ref slots), ref task)) == Exit.Continue
                && frame.Phase == CallPhase.Entering);
        }
        catch (Exception exception)
        {
            thrown = exception;
        }

        var result = default(T?);
        return Turn(ref frame, ref First(ref slots), callback, state, ref task, entry, exit, thrown, ref result) is { } pending
            ? new ValueTask<T>(pending, pending.Version)
            : frame.Fault.Exists ? CallRunner.Faulted<T>(frame.Fault) : new ValueTask<T>(result!);
    }

    private static ValueTask<Outcome<T>> OutcomeAsync<TState, T, TSlots>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token)
        where TSlots : struct
    {
        Unsafe.SkipInit(out TSlots slots);
        Unsafe.SkipInit(out ValueTask<T> task);
        if (!core.IsPlain || token.IsCancellationRequested)
        {
            return GuardedOutcome(core, callback, state, token);
        }

        // After the branch, so that the frame is cleared field by field: a load from a vector store that crosses a cache line waits for it,
        // which made breaker.closed cost 8 or 15 ns by where the stack happened to lie.
        var frame = new CallFrame(core, token);
        var entry = Entry.Go;
        var exit = Exit.Continue;
        Exception? thrown = null;
        var isOver = false;
        try
        {
            do
            {
                entry = CallLoop.EnterStraight(ref frame, ref First(ref slots));
                if (entry == Entry.Go)
                {
                    task = callback(state, frame.CancellationToken);
                    if (task.IsCompletedSuccessfully)
                    {
                        frame.Phase = CallPhase.Leaving;
                        frame.RefreshClock();
                        if (frame.Source is not null)
                        {
                            frame.ReleaseSource();
                        }

                        if (frame.Core.ResultClassifier is { } classifier)
                        {
                            // A task can be read once only.
                            var returned = task.GetAwaiter().GetResult();
                            task = new ValueTask<T>(returned);
                            Classify(ref frame, classifier, returned);
                        }

                        exit = CallLoop.LeaveStraight(ref frame, ref First(ref slots));
                        isOver = exit == Exit.Continue && frame.IsClean;
                    }
                }
                else if (frame.TurnRefused(entry))
                {
                    exit = CallLoop.LeaveStraight(ref frame, ref First(ref slots));
                    isOver = exit == Exit.Continue && frame.HoldsNothing;
                }
            }
            while (exit == CallTurn.DecidedAgain
                && (exit = AgainAtOnce(ref frame, ref First(ref slots), ref task)) == Exit.Continue
                && frame.Phase == CallPhase.Entering);
        }
        catch (Exception exception)
        {
            thrown = exception;
        }

        // Outside the try, whose returns would copy the outcome once more.
        if (isOver)
        {
            return frame.Fault.Exists ? Refused<T>(frame.Fault) : Succeeded(ref task);
        }

        var result = default(T?);
        return Turn(ref frame, ref First(ref slots), callback, state, ref task, entry, exit, thrown, ref result) is { } pending
            ? new ValueTask<Outcome<T>>(pending, pending.Version)
            : new ValueTask<Outcome<T>>(new Outcome<T>(result, frame.Fault));
    }

    private static ref Slot First<TSlots>(ref TSlots slots)
        where TSlots : struct => ref Unsafe.As<TSlots, Slot>(ref slots);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Classify<T>(ref CallFrame frame, object classifier, T result) =>
        frame.SetClassified(Unsafe.As<Classifier<T>>(classifier).ClassifyResult(result));

    // Apart, like what follows, so that copies of outcomes do not lengthen the frame that each call clears.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<Outcome<T>> Succeeded<T>(ref ValueTask<T> task) => new(new Outcome<T>(task.GetAwaiter().GetResult(), default));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<Outcome<T>> Refused<T>(in Fault fault) => new(new Outcome<T>(default, fault));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<T> Guarded<TState, T>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token)
    {
        var call = new ValueTaskCall<StateTokenInvoker<TState, ValueTask<T>>, T>(new(callback, state));
        return CallRunner.ThrowingAsync<ValueTaskCall<StateTokenInvoker<TState, ValueTask<T>>, T>, T>(core, ref call, null, token);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<Outcome<T>> GuardedOutcome<TState, T>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token)
    {
        var call = new ValueTaskCall<StateTokenInvoker<TState, ValueTask<T>>, T>(new(callback, state));
        return CallRunner.OutcomeAsync<ValueTaskCall<StateTokenInvoker<TState, ValueTask<T>>, T>, T>(core, ref call, null, token);
    }

    // As in CallTurn; the result that is discarded lies in its task still.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Exit AgainAtOnce<T>(ref CallFrame frame, ref Slot slots, ref ValueTask<T> task)
    {
        if (frame.Delay > TimeSpan.Zero)
        {
            return CallTurn.DecidedAgain;
        }

        T? discarded = task.GetAwaiter().GetResult();
        task = default;
        return CallTurn.AgainAtOnce(ref frame, ref slots, ref discarded);
    }

    // Carries on what left the line. Null when the call is over.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PendingCall<ValueTaskCall<StateTokenInvoker<TState, ValueTask<T>>, T>, T>? Turn<TState, T>(
        ref CallFrame frame,
        ref Slot slots,
        Func<TState, CancellationToken, ValueTask<T>> callback,
        TState state,
        ref ValueTask<T> task,
        Entry entry,
        Exit exit,
        Exception? thrown,
        ref T? result)
    {
        var call = new ValueTaskCall<StateTokenInvoker<TState, ValueTask<T>>, T>(new(callback, state));

        // What was not over when the line looked may be by now: where the call stands says that it is still to be taken, not its task.
        var isPending = thrown is null && entry == Entry.Go && frame.Phase == CallPhase.Entering;
        var isOver = false;
        try
        {
            if (isPending)
            {
                isOver = task.IsCompleted;
                call.TakeOver(task);
            }
            else if (frame.Phase != CallPhase.Entering)
            {
                result = task.GetAwaiter().GetResult();
            }
        }
        catch (Exception exception)
        {
            thrown ??= exception;
        }

        return new StraightTurn(entry, exit, thrown).Take(ref frame, ref slots, ref call, isPending, isOver, ref result);
    }
}
