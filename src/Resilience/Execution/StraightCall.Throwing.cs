using System.Runtime.CompilerServices;

namespace Resilience;

/// <content>The form that throws what the outcome says.</content>
internal static partial class StraightCall
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ValueTask<T> ThrowingAsync<TState, T>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token) =>
        !core.IsShort ? EnterAsync(core, callback, state, token)
            : core.HasFewParts ? ShortCall<TState, T, FewParts>.ThrowingAsync(core, callback, state, token)
            : core.HasRulesAtMost ? ShortCall<TState, T, RuleParts>.ThrowingAsync(core, callback, state, token)
            : ShortCall<TState, T, AllParts>.ThrowingAsync(core, callback, state, token);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ValueTask<T> EnterAsync<TState, T>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token) =>
        core.IsShallow
            ? EnterAsync<TState, T, ShallowSlots>(core, callback, state, token)
            : EnterAsync<TState, T, SlotBuffer>(core, callback, state, token);

    private static ValueTask<T> EnterAsync<TState, T, TSlots>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token)
        where TSlots : struct
    {
        // Locals are cleared on entry; clearing the slots a second time is measured in pipeline.empty.
        Unsafe.SkipInit(out TSlots slots);
        Unsafe.SkipInit(out ValueTask<T> task);
        if (!core.IsPlain || token.IsCancellationRequested)
        {
            return GuardedAsync(core, callback, state, token);
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
            isOver = Follow(ref frame, ref First(ref slots), callback, state, ref task, ref entry, ref exit);
        }
        catch (Exception exception)
        {
            thrown = exception;
        }

        return !isOver ? TurnAsync(ref frame, ref First(ref slots), callback, state, ref task, entry, exit, thrown)
            : frame.Fault.Exists ? CallRunner.Faulted<T>(frame.Fault)
            : task;
    }

    /// <summary>Goes on with a call that came from elsewhere.</summary>
    internal static ValueTask<T> GoOnAsync<TState, T>(
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

        return !isOver ? TurnAsync(ref frame, ref slots, callback, state, ref task, entry, exit, thrown)
            : frame.Fault.Exists ? CallRunner.Faulted<T>(frame.Fault)
            : task;
    }

    /// <summary>Carries on a call that left the line.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static ValueTask<T> TurnAsync<TState, T>(
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
            ? new ValueTask<T>(pending, pending.Version)
            : frame.Fault.Exists ? CallRunner.Faulted<T>(frame.Fault) : new ValueTask<T>(result!);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<T> GuardedAsync<TState, T>(
        PipelineCore core, Func<TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken token)
    {
        var call = new ValueTaskCall<StateTokenInvoker<TState, ValueTask<T>>, T>(new(callback, state));
        return CallRunner.ThrowingAsync<ValueTaskCall<StateTokenInvoker<TState, ValueTask<T>>, T>, T>(core, ref call, null, token);
    }
}
