using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Resilience;

/// <summary>
/// The edges of a pipeline: each runs a call on the caller's stack, moves it to the heap only if it must wait, and gives the end in one
/// form: thrown or returned, awaited or at once.
/// </summary>
internal static class CallRunner
{
    internal static ValueTask<T> ThrowingAsync<TCall, T>(PipelineCore core, ref TCall call, CallContext? context, CancellationToken token)
        where TCall : struct, ICall<T>
    {
        var frame = new CallFrame(core, token);
        var result = default(T?);
        PendingCall<TCall, T>? pending;
        if (core.IsPlain && context is null && !token.IsCancellationRequested)
        {
            // Locals are cleared on entry; clearing the slots a second time is measured in pipeline.empty.
            Unsafe.SkipInit(out SlotBuffer slots);
            try
            {
                if (CallLoop.RunStraight(ref frame, ref slots[0], ref call, ref result) && frame.IsClean)
                {
                    return new ValueTask<T>(result!);
                }
            }
            catch (Exception exception)
            {
                Settlement.Catch(ref frame, ref result, exception);
            }

            pending = Finish(ref frame, ref slots[0], ref call, ref result);
        }
        else
        {
            pending = DriveGuarded(ref frame, ref call, context, ref result);
        }

        return pending is not null ? new ValueTask<T>(pending, pending.Version)
            : frame.Fault.Exists ? Faulted<T>(frame.Fault) : new ValueTask<T>(result!);
    }

    internal static ValueTask VoidAsync<TCall>(PipelineCore core, ref TCall call, CallContext? context, CancellationToken token)
        where TCall : struct, ICall<Unit>
    {
        var frame = new CallFrame(core, token);
        var result = default(Unit);
        PendingCall<TCall, Unit>? pending;
        if (core.IsPlain && context is null && !token.IsCancellationRequested)
        {
            // Locals are cleared on entry; clearing the slots a second time is measured in pipeline.empty.
            Unsafe.SkipInit(out SlotBuffer slots);
            try
            {
                if (CallLoop.RunStraight(ref frame, ref slots[0], ref call, ref result) && frame.IsClean)
                {
                    return ValueTask.CompletedTask;
                }
            }
            catch (Exception exception)
            {
                Settlement.Catch(ref frame, ref result, exception);
            }

            pending = Finish(ref frame, ref slots[0], ref call, ref result);
        }
        else
        {
            pending = DriveGuarded(ref frame, ref call, context, ref result);
        }

        return pending is not null ? new ValueTask(pending, pending.Version)
            : frame.Fault.Exists ? Faulted(frame.Fault) : ValueTask.CompletedTask;
    }

    internal static ValueTask<Outcome<T>> OutcomeAsync<TCall, T>(
        PipelineCore core, ref TCall call, CallContext? context, CancellationToken token)
        where TCall : struct, ICall<T>
    {
        var frame = new CallFrame(core, token);
        var result = default(T?);
        PendingCall<TCall, T>? pending;
        if (core.IsPlain && context is null && !token.IsCancellationRequested)
        {
            // Locals are cleared on entry; clearing the slots a second time is measured in pipeline.empty.
            Unsafe.SkipInit(out SlotBuffer slots);
            var isOver = false;
            try
            {
                isOver = CallLoop.RunStraight(ref frame, ref slots[0], ref call, ref result) && frame.HoldsNothing;
            }
            catch (Exception exception)
            {
                Settlement.Catch(ref frame, ref result, exception);
            }

            // Outside the try, whose returns would copy the outcome once more.
            if (isOver)
            {
                return new ValueTask<Outcome<T>>(new Outcome<T>(result, frame.Fault));
            }

            pending = Finish(ref frame, ref slots[0], ref call, ref result);
        }
        else
        {
            pending = DriveGuarded(ref frame, ref call, context, ref result);
        }

        return pending is not null ? new ValueTask<Outcome<T>>(pending, pending.Version)
            : new ValueTask<Outcome<T>>(new Outcome<T>(result, frame.Fault));
    }

    /// <summary>A child call: <paramref name="frame"/> begins where its parent's strategy stands.</summary>
    internal static ValueTask<Outcome<T>> OutcomeAsync<TCall, T>(ref CallFrame frame, ref TCall call)
        where TCall : struct, ICall<T>
    {
        var result = default(T);
        return DriveGuarded(ref frame, ref call, null, ref result) is { } pending
            ? new ValueTask<Outcome<T>>(pending, pending.Version)
            : new ValueTask<Outcome<T>>(new Outcome<T>(result, frame.Fault));
    }

    internal static Outcome<T> Outcome<TCall, T>(PipelineCore core, ref TCall call, CallContext? context, CancellationToken token)
        where TCall : struct, ICall<T>
    {
        core.ThrowIfAsyncOnly();
        var frame = new CallFrame(core, token);
        return Outcome<TCall, T>(ref frame, ref call, context);
    }

    internal static Outcome<T> Outcome<TCall, T>(ref CallFrame frame, ref TCall call, CallContext? context)
        where TCall : struct, ICall<T>
    {
        T? result = default;
        frame.IsSynchronous = true;
        DriveGuarded(ref frame, ref call, context, ref result);
        return new Outcome<T>(result, frame.Fault);
    }

    /// <summary>Carries on a call that left the straight line. Null when it is over.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static PendingCall<TCall, T>? Finish<TCall, T>(ref CallFrame frame, ref Slot slots, ref TCall call, ref T? result)
        where TCall : struct, ICall<T>
    {
        if (frame.IsOver || (!frame.MustSuspend && CallLoop.Run(ref frame, ref slots, ref call, ref result)))
        {
            frame.End();
            return null;
        }

        return PendingCall<TCall, T>.Start(ref frame, ref slots, ref call, result);
    }

    // A call with what few calls need: a flow to guard, a context, more slots, a synchronous callback, a caller that has cancelled.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PendingCall<TCall, T>? DriveGuarded<TCall, T>(
        ref CallFrame frame, ref TCall call, CallContext? context, ref T? result)
        where TCall : struct, ICall<T>
    {
        var core = frame.Core;
        var guard = core.GuardsFlow ? FlowGuard.Enter() : default;
        if (context is not null)
        {
            frame.Bring(context);
        }

        Settlement.MayStart(ref frame);
        var rented = core.DeepSlots.Get();
        ref var slots = ref MemoryMarshal.GetArrayDataReference(rented);
        PendingCall<TCall, T>? pending = null;
        while (!CallLoop.Run(ref frame, ref slots, ref call, ref result))
        {
            if (!frame.IsSynchronous)
            {
                pending = PendingCall<TCall, T>.Start(ref frame, ref slots, ref call, result);
                break;
            }

            frame.Block();
        }

        if (pending is null)
        {
            frame.End();
        }

        core.DeepSlots.Return(rented);
        guard.Exit();
        return pending;
    }

    // The builder keeps the exception, its stack and the cancelled state, as an async method would.
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static ValueTask<T> Faulted<T>(Fault fault)
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
