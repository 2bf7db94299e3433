using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Resilience;

/// <summary>Replaces an outcome whose verdict calls for it. One that does not passes without being looked at.</summary>
/// <remarks>The slot keeps whether the hook is pending, and the action's task while it is.</remarks>
internal sealed class FallbackStrategy<T>(FallbackOptions<T> options) : Strategy<T>(options.Name)
{
    private const long HookPending = 1;
    private readonly FallbackAction<T>.Ready? _ready = options.Action as FallbackAction<T>.Ready;

    /// <inheritdoc/>
    public override object Options => options;

    /// <inheritdoc/>
    public override bool SupportsSynchronousCalls => options.Action.IsSynchronous;

    /// <inheritdoc/>
    protected internal override bool RunsForeignCode => _ready is null || options.When is not null || options.OnFallback is not null;

    internal override bool IgnoresSuccess => options.When is null;

    /// <inheritdoc/>
    protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot) => Entry.Go;

    /// <inheritdoc/>
    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot) =>
        frame.Verdict == Verdict.Success && options.When is null ? Exit.Continue : base.Leave(ref frame, ref slot);

    /// <inheritdoc/>
    protected internal override Exit Leave(ref CallFrame frame, ref Slot slot, ref Outcome<T> outcome)
    {
        if (!IsCalledFor(frame.Verdict))
        {
            return Exit.Continue;
        }

        if (options.OnFallback is not { } onFallback)
        {
            return Act(ref frame, ref slot, ref outcome);
        }

        var hook = onFallback(new FallbackEvent<T>(ref frame, outcome));
        if (hook.IsCompletedSuccessfully)
        {
            hook.GetAwaiter().GetResult();
            frame.RefreshClock();
            return Act(ref frame, ref slot, ref outcome);
        }

        slot.First = HookPending;
        frame.WaitFor(hook);
        return Exit.Wait;
    }

    /// <inheritdoc/>
    protected internal override Exit ResumeLeave(ref CallFrame frame, ref Slot slot, ref Outcome<T> outcome)
    {
        if (slot.First == HookPending)
        {
            slot.First = 0;
            return Act(ref frame, ref slot, ref outcome);
        }

        var given = Unsafe.As<PendingFallback<T>>(slot.Reference!).Outcome;
        slot.Reference = null;
        return Replace(ref frame, given, ref outcome);
    }

    private bool IsCalledFor(Verdict verdict) => options.When is { } when
        ? when(verdict)
        : verdict.Health == Health.Bad || verdict.Again != Again.No;

    private Exit Act(ref CallFrame frame, ref Slot slot, ref Outcome<T> outcome)
    {
        if (_ready is not null)
        {
            outcome = _ready.Outcome;
            return Exit.Replace;
        }

        // Nothing that takes time is begun for a caller who is gone.
        if (IsStopped(ref frame))
        {
            return Exit.Continue;
        }

        ValueTask<Outcome<T>> action;
        try
        {
            action = options.Action.RunAsync(new FallbackEvent<T>(ref frame, outcome));
            if (action.IsCompleted)
            {
                return Replace(ref frame, action.GetAwaiter().GetResult(), ref outcome);
            }
        }
        catch (Exception exception) when (!IsStopped(ref frame))
        {
            return Replace(ref frame, Outcome.FromException<T>(exception), ref outcome);
        }

        var pending = new PendingFallback<T>();
        slot.Reference = pending;
        frame.WaitFor(pending.WatchAsync(action));
        return Exit.Wait;
    }

    private static bool IsStopped(ref CallFrame frame)
    {
        frame.RefreshClock();
        return frame.CallerToken.IsCancellationRequested || !frame.HasTimeFor(TimeSpan.Zero);
    }

    // What failed because it was cancelled is thrown: who cancelled is read from the sources where it is caught.
    private static Exit Replace(ref CallFrame frame, in Outcome<T> given, ref Outcome<T> outcome)
    {
        if (given.Exception is { } exception && IsStopped(ref frame))
        {
            ExceptionDispatchInfo.Throw(exception);
        }

        outcome = given;
        return Exit.Replace;
    }
}
