using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// The edges of a pipeline: each runs a call on the caller's stack, moves it to the heap only if it must wait, and gives the end in one
/// form: thrown or returned, awaited or at once.
/// </summary>
internal static class CallRunner
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ValueTask<T> ThrowingAsync<TCall, T>(PipelineCore core, TCall call, CallContext? context, CancellationToken token)
        where TCall : struct, ICall<T>
    {
        var frame = new CallFrame(core, context, token);
        T? result = default;
        if (Drive(ref frame, ref call, ref result) is { } pending)
        {
            return new ValueTask<T>(pending, pending.Version);
        }

        return frame.Fault.Exists ? Faulted<T>(frame.Fault) : new ValueTask<T>(result!);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ValueTask VoidAsync<TCall>(PipelineCore core, TCall call, CallContext? context, CancellationToken token)
        where TCall : struct, ICall<Unit>
    {
        var frame = new CallFrame(core, context, token);
        var result = default(Unit);
        if (Drive(ref frame, ref call, ref result) is { } pending)
        {
            return new ValueTask(pending, pending.Version);
        }

        return frame.Fault.Exists ? Faulted(frame.Fault) : ValueTask.CompletedTask;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ValueTask<Outcome<T>> OutcomeAsync<TCall, T>(
        PipelineCore core, TCall call, CallContext? context, CancellationToken token)
        where TCall : struct, ICall<T>
    {
        var frame = new CallFrame(core, context, token);
        return OutcomeAsync<TCall, T>(ref frame, ref call);
    }

    internal static ValueTask<Outcome<T>> OutcomeAsync<TCall, T>(ref CallFrame frame, ref TCall call)
        where TCall : struct, ICall<T>
    {
        T? result = default;
        return Drive(ref frame, ref call, ref result) is { } pending
            ? new ValueTask<Outcome<T>>(pending, pending.Version)
            : new ValueTask<Outcome<T>>(new Outcome<T>(result, frame.Fault));
    }

    internal static Outcome<T> Outcome<TCall, T>(PipelineCore core, TCall call, CallContext? context, CancellationToken token)
        where TCall : struct, ICall<T>
    {
        core.ThrowIfAsyncOnly();
        var frame = new CallFrame(core, context, token);
        return Outcome<TCall, T>(ref frame, ref call);
    }

    internal static Outcome<T> Outcome<TCall, T>(ref CallFrame frame, ref TCall call)
        where TCall : struct, ICall<T>
    {
        T? result = default;
        frame.IsSynchronous = true;
        DriveBlocking(ref frame, ref call, ref result);
        return new Outcome<T>(result, frame.Fault);
    }

    // Null when the call is over.
    private static PendingCall<TCall, T>? Drive<TCall, T>(ref CallFrame frame, ref TCall call, ref T? result)
        where TCall : struct, ICall<T>
    {
        var core = frame.Core;
        var buffer = default(SlotBuffer);
        Slot[]? deep = null;
        Span<Slot> slots = buffer;
        if (core.Strategies.Length > SlotBuffer.Capacity)
        {
            slots = deep = core.DeepSlots.Get();
        }

        if (frame.CallerToken.IsCancellationRequested)
        {
            frame.CancelBeforeStart();
        }

        var flow = core.GuardsFlow ? ExecutionContext.Capture() : null;
        PendingCall<TCall, T>? pending = null;
        if (CallLoop.Run(ref frame, slots[..core.Strategies.Length], ref call, ref result))
        {
            frame.End();
        }
        else
        {
            pending = PendingCall<TCall, T>.Start(ref frame, slots[..core.Strategies.Length], ref call, result);
        }

        if (deep is not null)
        {
            core.DeepSlots.Return(deep);
        }

        if (flow is not null && flow != ExecutionContext.Capture())
        {
            ExecutionContext.Restore(flow);
        }

        return pending;
    }

    private static void DriveBlocking<TCall, T>(ref CallFrame frame, ref TCall call, ref T? result)
        where TCall : struct, ICall<T>
    {
        var core = frame.Core;
        var slots = core.DeepSlots.Get();
        if (frame.CallerToken.IsCancellationRequested)
        {
            frame.CancelBeforeStart();
        }

        var flow = core.GuardsFlow ? ExecutionContext.Capture() : null;
        while (!CallLoop.Run(ref frame, slots, ref call, ref result))
        {
            frame.Block();
        }

        frame.End();
        core.DeepSlots.Return(slots);
        if (flow is not null && flow != ExecutionContext.Capture())
        {
            ExecutionContext.Restore(flow);
        }
    }

    // The builder keeps the exception, its stack and the cancelled state, as an async method would.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<T> Faulted<T>(Fault fault)
    {
        var builder = AsyncValueTaskMethodBuilder<T>.Create();
        builder.SetException(fault.ToException());
        return builder.Task;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask Faulted(Fault fault)
    {
        var builder = AsyncValueTaskMethodBuilder.Create();
        builder.SetException(fault.ToException());
        return builder.Task;
    }
}
