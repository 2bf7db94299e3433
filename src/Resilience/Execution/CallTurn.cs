using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// Every way in which a call turns from the straight line: refused, finished early, waiting, failing, replaced, tried again. Kept apart so
/// that <see cref="CallLoop"/> shows the straight line.
/// </summary>
internal static class CallTurn
{
    /// <summary>
    /// What strategies that see the value, or wrap, answer to the plain question, so that the straight line need not look for them.
    /// </summary>
    internal const Entry AskOtherwise = (Entry)byte.MaxValue;

    /// <inheritdoc cref="AskOtherwise"/>
    internal const Exit TellOtherwise = (Exit)byte.MaxValue;

    /// <summary>
    /// "Again", of a strategy that has seen itself that nothing forbids it. It holds something that another attempt must give back, and a
    /// second look could see what a part of the call left behind has forbidden since.
    /// </summary>
    internal const Exit DecidedAgain = (Exit)(byte.MaxValue - 1);

    /// <summary>Carries out an answer other than "go": the call is leaving afterwards, or waits.</summary>
    private static void Turn<T>(ref CallFrame frame, Entry entry, ref T? result)
    {
        if (entry == Entry.Wait)
        {
            ThrowIfNothingToWaitFor(ref frame);
            frame.Phase = CallPhase.WaitingToEnter;
            return;
        }

        frame.Phase = CallPhase.Leaving;
        frame.TurnBack();
        if (!frame.Fault.Exists && (entry != Entry.Finish || !frame.Core.Strategies[frame.Position].SeesValue))
        {
            throw new InvalidOperationException(
                $"The strategy '{frame.Core.Strategies[frame.Position].Name}' answered '{entry}' without an outcome: call Refuse or Fail.");
        }

        Settlement.Classify(ref frame, ref result);
    }

    /// <summary>Carries out an answer other than "continue". True when the call goes on leaving.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static bool Turn<T>(ref CallFrame frame, ref Slot slots, Exit exit, ref T? result)
    {
        switch (exit)
        {
            case Exit.Wait:
                ThrowIfNothingToWaitFor(ref frame);
                frame.Phase = CallPhase.WaitingToLeave;
                return false;
            case Exit.Replace:
                if (frame.Fault.Exists)
                {
                    Settlement.Discard(ref result);
                }

                frame.RefreshClock();
                Settlement.Classify(ref frame, ref result);
                return true;
            case Exit.Again when frame.IsAgainForbidden || Settlement.IsStillStopped(ref frame):
                return true;
            case Exit.Again or DecidedAgain:
                TryAgain(ref frame, ref slots, ref result);
                return false;
            default:
                throw new InvalidOperationException(
                    $"The strategy '{frame.Core.Strategies[frame.Position].Name}' answered '{exit}', which is not an {nameof(Exit)}.");
        }
    }

    // Apart from the other turns, whose locals would be cleared for each attempt.
    private static void TryAgain<T>(ref CallFrame frame, ref Slot slots, ref T? result)
    {
        var delay = frame.Delay;

        // The strategy that asked stays entered: whatever happens before the next attempt starts is told to it.
        frame.Position++;
        frame.GiveWay();
        Settlement.Discard(ref result);
        if (delay > TimeSpan.Zero)
        {
            frame.WaitFor(delay);
            frame.Phase = CallPhase.BackingOff;
        }
        else
        {
            BeginNextAttempt(ref frame, ref slots);
        }
    }

    private static void ThrowIfNothingToWaitFor(ref CallFrame frame)
    {
        if (frame.Extras.WaitPosition != frame.Position)
        {
            throw new InvalidOperationException(
                $"The strategy '{frame.Core.Strategies[frame.Position].Name}' answered 'Wait' without saying for what: call WaitFor.");
        }
    }

    /// <summary>
    /// Does what the straight line leaves out at a position: asks a typed strategy, lets a wrapping one run the inner part, or carries out
    /// an answer other than "go". True when the call may go on inward.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static bool Enter<TCall, T>(ref CallFrame frame, Entry entry, ref Slot slot, ref TCall call, ref T? result)
        where TCall : struct, ICall<T>
    {
        var strategy = frame.Core.Strategies[frame.Position];
        var outcome = default(Outcome<T>);
        if (strategy.SeesValue && entry == AskOtherwise)
        {
            entry = Unsafe.As<Strategy<T>>(strategy).TryEnter(ref frame, ref slot, ref outcome);
            if (entry == Entry.Go)
            {
                return true;
            }
        }
        else if (strategy.Wraps)
        {
            Wrap(strategy, ref frame, ref call, ref result);
            return false;
        }

        Turned(ref frame, entry, outcome, ref result);
        return false;
    }

    /// <summary>The same on the way out. True when the call goes on leaving.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static bool Leave<T>(ref CallFrame frame, Exit exit, ref Slot slots, ref T? result)
    {
        if (exit == DecidedAgain)
        {
            TryAgain(ref frame, ref slots, ref result);
            return false;
        }

        if (exit == TellOtherwise && frame.Core.Strategies[frame.Position].SeesValue)
        {
            exit = LeaveTyped(ref frame, ref Unsafe.Add(ref slots, frame.Position), ref result);
        }

        if (exit == TellOtherwise && frame.Core.Strategies[frame.Position].Hedging is { } hedging)
        {
            return hedging.Follow(ref frame, ref Unsafe.Add(ref slots, frame.Position), ref result);
        }

        return exit == Exit.Continue || Turn(ref frame, ref slots, exit, ref result);
    }

    private static void Wrap<TCall, T>(Strategy strategy, ref CallFrame frame, ref TCall call, ref T? result)
        where TCall : struct, ICall<T>
    {
        frame.Phase = CallPhase.Starting;
        if (!InnerCall<TCall, T>.Start(strategy, ref frame, ref call, ref result))
        {
            frame.Phase = CallPhase.Started;
            return;
        }

        frame.Phase = CallPhase.Leaving;
        Settlement.Settle(ref frame, ref result);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Exit LeaveTyped<T>(ref CallFrame frame, ref Slot slot, ref T? result)
    {
        var before = new Outcome<T>(result, frame.Fault);
        var outcome = before;
        var exit = Unsafe.As<Strategy<T>>(frame.Core.Strategies[frame.Position]).Leave(ref frame, ref slot, ref outcome);
        return Replaced(ref frame, exit, before, outcome, ref result);
    }

    internal static void Turned<T>(ref CallFrame frame, Entry entry, in Outcome<T> outcome, ref T? result)
    {
        if (entry != Entry.Wait && !frame.Fault.Exists)
        {
            frame.Take(outcome, ref result);
        }

        Turn(ref frame, entry, ref result);
    }

    /// <summary>Puts the outcome in place that a strategy set. One that called Fail instead has replaced the fault already.</summary>
    internal static Exit Replaced<T>(ref CallFrame frame, Exit exit, in Outcome<T> before, in Outcome<T> outcome, ref T? result)
    {
        if (exit == Exit.Replace && frame.Fault.IsSame(before.Fault))
        {
            var replaced = result;
            frame.Take(outcome, ref result);
            if (before.HasResult && (frame.Fault.Exists || (!typeof(T).IsValueType && !ReferenceEquals(replaced, result))))
            {
                Settlement.Discard(ref replaced);
            }
        }

        return exit;
    }

    /// <summary>
    /// Begins another attempt without leaving the straight line; after "continue" the frame says whether it may start. One that must wait is
    /// left to <see cref="Turn{T}(ref CallFrame, ref Slot, Exit, ref T)"/>, whose rules these are.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static Exit AgainAtOnce<T>(ref CallFrame frame, ref Slot slots, ref T? result)
    {
        if (frame.Delay > TimeSpan.Zero)
        {
            return DecidedAgain;
        }

        frame.Position++;
        frame.GiveWay();
        Settlement.Discard(ref result);
        BeginNextAttempt(ref frame, ref slots);
        return Exit.Continue;
    }

    internal static void BeginNextAttempt(ref CallFrame frame, ref Slot slots)
    {
        frame.BeginNextAttempt();
        for (var i = frame.Position; i < frame.Core.Strategies.Length; i++)
        {
            Unsafe.Add(ref slots, i) = default;
        }

        if (!Settlement.Stopped(ref frame))
        {
            frame.Phase = CallPhase.Entering;
        }
    }
}
