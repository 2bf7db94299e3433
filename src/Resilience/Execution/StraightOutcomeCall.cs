using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// The edge for the callback that takes a state and a token and returns its outcome; what <see cref="StraightCall"/> is for one that returns
/// a result, and for the same reason.
/// </summary>
internal static class StraightOutcomeCall
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ValueTask<Outcome<T>> RunAsync<TState, T>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<Outcome<T>>> callback, TState state, CancellationToken token) =>
        !core.IsShort ? EnterAsync(core, callback, state, token)
            : core.HasFewParts ? ShortOutcomeCall<TState, T, FewParts>.RunAsync(core, callback, state, token)
            : core.HasRulesAtMost ? ShortOutcomeCall<TState, T, RuleParts>.RunAsync(core, callback, state, token)
            : ShortOutcomeCall<TState, T, AllParts>.RunAsync(core, callback, state, token);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ValueTask<Outcome<T>> EnterAsync<TState, T>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<Outcome<T>>> callback, TState state, CancellationToken token) =>
        core.IsShallow
            ? EnterAsync<TState, T, ShallowSlots>(core, callback, state, token)
            : EnterAsync<TState, T, SlotBuffer>(core, callback, state, token);

    private static ValueTask<Outcome<T>> EnterAsync<TState, T, TSlots>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<Outcome<T>>> callback, TState state, CancellationToken token)
        where TSlots : struct
    {
        // Locals are cleared on entry; clearing them a second time is measured in pipeline.empty.outcome.
        Unsafe.SkipInit(out TSlots slots);
        Unsafe.SkipInit(out ValueTask<Outcome<T>> task);
        if (!core.IsPlain || token.IsCancellationRequested)
        {
            return GuardedAsync(core, callback, state, token);
        }

        var frame = new CallFrame(core, token);
        var result = default(T?);
        var entry = Entry.Go;
        var exit = Exit.Continue;
        Exception? thrown = null;
        var isOver = false;
        try
        {
            isOver = Follow(ref frame, ref Unsafe.As<TSlots, Slot>(ref slots), callback, state, ref task, ref result, ref entry, ref exit);
        }
        catch (Exception exception)
        {
            thrown = exception;
        }

        // Outside the try, whose returns would copy the outcome once more.
        return isOver
            ? new ValueTask<Outcome<T>>(new Outcome<T>(result, frame.Fault))
            : TurnAsync(ref frame, ref Unsafe.As<TSlots, Slot>(ref slots), callback, state, ref task, entry, exit, thrown, ref result);
    }

    /// <summary>Goes on with a call that came from elsewhere: before its callback, or after, with its end settled.</summary>
    internal static ValueTask<Outcome<T>> GoOnAsync<TState, T>(
        ref CallFrame frame,
        ref Slot slots,
        Func<TState, CancellationToken, ValueTask<Outcome<T>>> callback,
        TState state,
        ref ValueTask<Outcome<T>> task,
        ref T? result)
    {
        var entry = Entry.Go;
        var exit = Exit.Continue;
        Exception? thrown = null;
        var isOver = false;
        try
        {
            isOver = Follow(ref frame, ref slots, callback, state, ref task, ref result, ref entry, ref exit);
        }
        catch (Exception exception)
        {
            thrown = exception;
        }

        // Outside the try, whose returns would copy the outcome once more.
        return isOver
            ? new ValueTask<Outcome<T>>(new Outcome<T>(result, frame.Fault))
            : TurnAsync(ref frame, ref slots, callback, state, ref task, entry, exit, thrown, ref result);
    }

    /// <summary>Carries on a call that left the line.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static ValueTask<Outcome<T>> TurnAsync<TState, T>(
        ref CallFrame frame,
        ref Slot slots,
        Func<TState, CancellationToken, ValueTask<Outcome<T>>> callback,
        TState state,
        ref ValueTask<Outcome<T>> task,
        Entry entry,
        Exit exit,
        Exception? thrown,
        ref T? result) =>
        Turn(ref frame, ref slots, callback, state, ref task, entry, exit, thrown, ref result) is { } pending
            ? new ValueTask<Outcome<T>>(pending, pending.Version)
            : new ValueTask<Outcome<T>>(new Outcome<T>(result, frame.Fault));

    // As in StraightCall.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Follow<TState, T>(
        ref CallFrame frame,
        ref Slot slots,
        Func<TState, CancellationToken, ValueTask<Outcome<T>>> callback,
        TState state,
        ref ValueTask<Outcome<T>> task,
        ref T? result,
        ref Entry entry,
        ref Exit exit)
    {
        do
        {
            if (frame.Phase == CallPhase.Entering)
            {
                entry = CallLoop.EnterStraight(ref frame, ref slots);
                if (entry == Entry.Go)
                {
                    task = callback(state, frame.CancellationToken);
                    if (!task.IsCompletedSuccessfully)
                    {
                        return false;
                    }

                    Take(ref frame, ref task, ref result);
                }
                else if (!frame.TurnRefused(entry))
                {
                    return false;
                }
            }

            exit = CallLoop.LeaveStraight(ref frame, ref slots);
            if (exit == Exit.Continue)
            {
                return frame.HoldsNothing;
            }
        }
        while (exit == CallTurn.DecidedAgain
            && (exit = CallTurn.AgainAtOnce(ref frame, ref slots, ref result)) == Exit.Continue
            && frame.Phase == CallPhase.Entering);
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take<T>(ref CallFrame frame, ref ValueTask<Outcome<T>> task, ref T? result)
    {
        var outcome = task.Result;
        result = outcome.ResultOrDefault;
        frame.Fault = outcome.Fault;
        frame.Phase = CallPhase.Leaving;
        Settlement.Settle(ref frame, ref result);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<Outcome<T>> GuardedAsync<TState, T>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<Outcome<T>>> callback, TState state, CancellationToken token)
    {
        var call = new OutcomeCall<StateTokenInvoker<TState, ValueTask<Outcome<T>>>, T>(new(callback, state));
        return CallRunner.OutcomeAsync<OutcomeCall<StateTokenInvoker<TState, ValueTask<Outcome<T>>>, T>, T>(core, ref call, null, token);
    }

    // Carries on what left the line. Null when the call is over.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PendingCall<OutcomeCall<StateTokenInvoker<TState, ValueTask<Outcome<T>>>, T>, T>? Turn<TState, T>(
        ref CallFrame frame,
        ref Slot slots,
        Func<TState, CancellationToken, ValueTask<Outcome<T>>> callback,
        TState state,
        ref ValueTask<Outcome<T>> task,
        Entry entry,
        Exit exit,
        Exception? thrown,
        ref T? result)
    {
        var call = new OutcomeCall<StateTokenInvoker<TState, ValueTask<Outcome<T>>>, T>(new(callback, state));

        // What was not over when the line looked may be by now: where the call stands says that it is still to be taken, not its task.
        var isPending = thrown is null && entry == Entry.Go && frame.Phase == CallPhase.Entering;
        var isOver = false;
        if (isPending)
        {
            try
            {
                isOver = task.IsCompleted;
                call.TakeOver(task);
            }
            catch (Exception exception)
            {
                thrown = exception;
            }
        }

        return new StraightTurn(entry, exit, thrown).Take(ref frame, ref slots, ref call, isPending, isOver, ref result);
    }
}
