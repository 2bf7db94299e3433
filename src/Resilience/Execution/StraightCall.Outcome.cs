using System.Runtime.CompilerServices;

namespace Resilience;

/// <content>The form that returns the outcome.</content>
internal static partial class StraightCall
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ValueTask<Outcome<T>> OutcomeAsync<TState, T>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token) =>
        !core.IsShort ? EnterOutcomeAsync(core, callback, state, token)
            : core.HasFewParts ? ShortCall<TState, T, FewParts>.OutcomeAsync(core, callback, state, token)
            : core.HasRulesAtMost ? ShortCall<TState, T, RuleParts>.OutcomeAsync(core, callback, state, token)
            : ShortCall<TState, T, AllParts>.OutcomeAsync(core, callback, state, token);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ValueTask<Outcome<T>> EnterOutcomeAsync<TState, T>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token) =>
        core.IsShallow
            ? EnterOutcomeAsync<TState, T, ShallowSlots>(core, callback, state, token)
            : EnterOutcomeAsync<TState, T, SlotBuffer>(core, callback, state, token);

    private static ValueTask<Outcome<T>> EnterOutcomeAsync<TState, T, TSlots>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token)
        where TSlots : struct
    {
        Unsafe.SkipInit(out TSlots slots);
        Unsafe.SkipInit(out ValueTask<T> task);
        if (!core.IsPlain || token.IsCancellationRequested)
        {
            return GuardedOutcomeAsync(core, callback, state, token);
        }

        // After the branch, as in the form that throws.
        var frame = new CallFrame(core, token);
        var entry = Entry.Go;
        var exit = Exit.Continue;
        Exception? thrown = null;
        var isOver = false;
        try
        {
            isOver = Follow(ref frame, ref First(ref slots), callback, state, ref task, ref entry, ref exit);
        }
        catch (Exception exception)
        {
            thrown = exception;
        }

        // Outside the try, whose returns would copy the outcome once more.
        return !isOver ? TurnOutcomeAsync(ref frame, ref First(ref slots), callback, state, ref task, entry, exit, thrown)
            : frame.Fault.Exists ? Refused<T>(frame.Fault)
            : Succeeded(ref task);
    }

    /// <summary>Goes on with a call that came from elsewhere.</summary>
    internal static ValueTask<Outcome<T>> GoOnOutcomeAsync<TState, T>(
        ref CallFrame frame, ref Slot slots, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, ref ValueTask<T> task)
    {
        var entry = Entry.Go;
        var exit = Exit.Continue;
        Exception? thrown = null;
        var isOver = false;
        try
        {
            isOver = Follow(ref frame, ref slots, callback, state, ref task, ref entry, ref exit);
        }
        catch (Exception exception)
        {
            thrown = exception;
        }

        // Outside the try, whose returns would copy the outcome once more.
        return !isOver ? TurnOutcomeAsync(ref frame, ref slots, callback, state, ref task, entry, exit, thrown)
            : frame.Fault.Exists ? Refused<T>(frame.Fault)
            : Succeeded(ref task);
    }

    /// <summary>Carries on a call that left the line.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static ValueTask<Outcome<T>> TurnOutcomeAsync<TState, T>(
        ref CallFrame frame,
        ref Slot slots,
        Func<TState, CancellationToken, ValueTask<T>> callback,
        TState state,
        ref ValueTask<T> task,
        Entry entry,
        Exit exit,
        Exception? thrown)
    {
        var result = default(T?);
        return Turn(ref frame, ref slots, callback, state, ref task, entry, exit, thrown, ref result) is { } pending
            ? new ValueTask<Outcome<T>>(pending, pending.Version)
            : new ValueTask<Outcome<T>>(new Outcome<T>(result, frame.Fault));
    }

    // Apart, like what follows, so that copies of outcomes do not lengthen the frame that each call clears.
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static ValueTask<Outcome<T>> Succeeded<T>(ref ValueTask<T> task) => new(new Outcome<T>(task.GetAwaiter().GetResult(), default));

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static ValueTask<Outcome<T>> Refused<T>(Fault fault) => new(new Outcome<T>(default, fault));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<Outcome<T>> GuardedOutcomeAsync<TState, T>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token)
    {
        var call = new ValueTaskCall<StateTokenInvoker<TState, ValueTask<T>>, T>(new(callback, state));
        return CallRunner.OutcomeAsync<ValueTaskCall<StateTokenInvoker<TState, ValueTask<T>>, T>, T>(core, ref call, null, token);
    }
}
