using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>What an end means: of the callback, of a wait, or by an exception that somebody threw.</summary>
internal static class Settlement
{
    /// <summary>Says what the callback's end means: who cancelled is read from the sources, then the classifier is asked, once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Settle<T>(ref CallFrame frame, ref T? result)
    {
        frame.RefreshClock();

        // Otherwise the verdict is success, with which every attempt starts.
        if (frame.Source is not null || frame.Fault.Exists || frame.Core.ResultClassifier is not null)
        {
            SettleFully(ref frame, ref result);
        }
    }

    /// <summary>Makes an exception that somebody threw the outcome, and goes on from where the call stood.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Catch<T>(ref CallFrame frame, ref T? result, Exception exception)
    {
        var called = frame.Phase is CallPhase.Starting or CallPhase.Started
            || (frame.Phase == CallPhase.Entering && frame.Position == frame.Core.Strategies.Length);
        frame.Fault = new Fault(exception);
        DiscardQuietly(ref result);
        if (called)
        {
            // There is one left only if the pending part could not be subscribed to.
            frame.TakeWrapped()?.Release();
            frame.Phase = CallPhase.Failed;
            return;
        }

        if (frame.Phase is CallPhase.Entering or CallPhase.WaitingToEnter)
        {
            frame.TurnBack();
        }

        // A strategy, a hook or the classifier threw: that says nothing about the dependency and is not tried again.
        frame.Phase = CallPhase.Leaving;
        frame.SetFinalVerdict(Verdict.Ignored);
        frame.RefreshClock();
        var by = frame.ReleaseSource();
        if (frame.CallerToken.IsCancellationRequested)
        {
            frame.NameCaller();
        }
        else if (by is not CancelledBy.Nobody)
        {
            frame.FailByDeadline(exception);
        }
    }

    /// <summary>Whether a call may enter anything: not one that was cancelled, or whose time was over, before it began.</summary>
    internal static bool MayStart(ref CallFrame frame)
    {
        if (frame.CallerToken.IsCancellationRequested)
        {
            frame.CancelBeforeStart();
            return false;
        }

        return frame.Deadline == CallFrame.NoDeadline || !Stopped(ref frame);
    }

    /// <summary>Before the callback starts: whether the caller has cancelled meanwhile, or the level's deadline passed.</summary>
    internal static bool Stopped(ref CallFrame frame)
    {
        if (frame.CallerToken.IsCancellationRequested)
        {
            frame.Fault = new Fault(new OperationCanceledException(frame.CallerToken));
        }
        else if (frame.Deadline != CallFrame.NoDeadline && frame.Ticks >= frame.Deadline)
        {
            frame.FailByDeadline(null);
        }
        else
        {
            return false;
        }

        frame.TurnBack();
        frame.MarkStopped();
        frame.SetFinalVerdict(Verdict.Ignored);
        frame.Phase = CallPhase.Leaving;
        return true;
    }

    /// <summary>
    /// Whether the attempt was stopped by what would stop the next one at this level, too: a strategy that asks for another whatever the
    /// verdict would ask for ever.
    /// </summary>
    internal static bool IsStillStopped(ref CallFrame frame) => frame.IsStopped
        && (frame.CallerToken.IsCancellationRequested
            || (frame.Deadline != CallFrame.NoDeadline && frame.Ticks >= frame.Deadline));

    /// <summary>The part of <see cref="Settle"/> that a call without source, fault and classifier of results need not ask for.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void SettleFully<T>(ref CallFrame frame, ref T? result)
    {
        var by = frame.ReleaseSource();
        if (!frame.Fault.Exists && frame.Core.ResultClassifier is null)
        {
            return;
        }

        if (frame.Fault.Exists && frame.CallerToken.IsCancellationRequested)
        {
            frame.NameCaller();
            frame.SetFinalVerdict(Verdict.Ignored);
        }
        else if (frame.Fault.Exists && by is CancelledBy.Deadline or CancelledBy.LateDeadline)
        {
            frame.FailByDeadline(frame.Fault.Exception);
            frame.SetFinalVerdict(by == CancelledBy.Deadline ? Verdict.Transient : Verdict.Ignored);
        }
        else if (frame.IsForClassifiers)
        {
            Classify(ref frame, ref result);
        }
    }

    internal static void Classify<T>(ref CallFrame frame, ref T? result)
    {
        var core = frame.Core;
        if (frame.Fault.IsRejection)
        {
            frame.SetFinalVerdict(Verdict.Throttled(frame.Fault.RetryAfter));
            return;
        }

        frame.SetClassified(
            core.ResultClassifier is { } classifier ? Ask(classifier, result, frame.Fault)
            : frame.Fault.Exists ? core.ExceptionClassifier.Classify(frame.Fault.Exception!)
            : Verdict.Success);
    }

    // Apart, so that a call without a classifier of results clears no outcome.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Verdict Ask<T>(object classifier, T? result, in Fault fault) =>
        Unsafe.As<Classifier<T>>(classifier).Classify(new Outcome<T>(result, fault));

    internal static void Discard<T>(ref T? result)
    {
        var discarded = result;
        result = default;
        if (discarded is IDisposable disposable)
        {
            disposable.Dispose();
        }
        else if (discarded is IAsyncDisposable later)
        {
            DisposeBehind(later);
        }
    }

    // The call does not wait for a disposal, and a synchronous one could not. A failure that comes later is raised where a dropped task's is.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DisposeBehind(IAsyncDisposable discarded)
    {
        var disposal = discarded.DisposeAsync();
        if (disposal.IsCompleted)
        {
            disposal.GetAwaiter().GetResult();
            return;
        }

        _ = disposal.AsTask();
    }

    /// <summary>Whether to discard the result is more than to forget it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsDisposable<T>(T? result) => result is IDisposable or IAsyncDisposable;

    /// <summary>Discards where no caller is on the stack who could be told of a failure.</summary>
    internal static void DiscardQuietly<T>(ref T? result)
    {
        try
        {
            Discard(ref result);
        }
        catch (Exception exception)
        {
            UnobservedFault.Report(exception);
        }
    }
}
