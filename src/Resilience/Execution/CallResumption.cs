using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>How a call goes on when what it waited for has ended: the callback, a wait on the way in or out, or a backoff.</summary>
internal static class CallResumption
{
    /// <summary>Goes on after what was pending has ended.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Resume<TCall, T>(ref CallFrame frame, ref Slot slots, ref TCall call, ref T? result)
        where TCall : struct, ICall<T>
    {
        switch (frame.Phase)
        {
            case CallPhase.Started:
                var isJudged = FinishPending(ref frame, ref call, ref result);
                frame.Phase = CallPhase.Leaving;
                if (isJudged)
                {
                    frame.RefreshClock();
                }
                else
                {
                    Settlement.Settle(ref frame, ref result);
                }

                break;
            case CallPhase.Failed:
                frame.Phase = CallPhase.Leaving;
                Settlement.Settle(ref frame, ref result);
                break;
            case CallPhase.WaitingToEnter:
                // A signal that ended well may have handed something over, which only the strategy can take and give back: it is asked
                // first. A delay hands over nothing, and was cut short if the call was stopped.
                var asCallee = frame.Extras.WaitsAsCallee;
                if (!frame.FinishWait() || !Settlement.Stopped(ref frame))
                {
                    ResumeEnter(ref frame, ref Unsafe.Add(ref slots, frame.Position), ref result);
                    if (frame.Phase == CallPhase.Entering)
                    {
                        Settlement.Stopped(ref frame);
                    }
                }
                else if (asCallee && !frame.CallerToken.IsCancellationRequested)
                {
                    frame.SetFinalVerdict(Verdict.Transient);
                }

                break;
            case CallPhase.WaitingToLeave:
                frame.FinishWait();
                frame.Phase = CallPhase.Leaving;
                var exit = ResumeLeave(ref frame, ref Unsafe.Add(ref slots, frame.Position), ref result);
                if (exit != Exit.Continue)
                {
                    CallTurn.Turn(ref frame, ref slots, exit, ref result);
                }

                break;
            case CallPhase.BackingOff:
                frame.FinishWait();
                CallTurn.BeginNextAttempt(ref frame, ref slots);
                break;
        }
    }

    // True when the end came with its verdict.
    private static bool FinishPending<TCall, T>(ref CallFrame frame, ref TCall call, ref T? result)
        where TCall : struct, ICall<T>
    {
        if (frame.TakeWrapped() is { } part)
        {
            return ((IPendingPart<T>)part).Finish(ref frame, ref result);
        }

        call.Finish(ref frame, ref result);
        return false;
    }

    private static void ResumeEnter<T>(ref CallFrame frame, ref Slot slot, ref T? result)
    {
        var strategy = frame.Core.Strategies[frame.Position];
        var outcome = default(Outcome<T>);
        var entry = strategy.SeesValue
            ? Unsafe.As<Strategy<T>>(strategy).ResumeEnter(ref frame, ref slot, ref outcome)
            : strategy.ResumeEnter(ref frame, ref slot);
        if (entry == Entry.Go)
        {
            frame.Position++;
            frame.Phase = CallPhase.Entering;
        }
        else
        {
            CallTurn.Turned(ref frame, entry, outcome, ref result);
        }
    }

    private static Exit ResumeLeave<T>(ref CallFrame frame, ref Slot slot, ref T? result)
    {
        var strategy = frame.Core.Strategies[frame.Position];
        if (!strategy.SeesValue)
        {
            return strategy.ResumeLeave(ref frame, ref slot);
        }

        var before = new Outcome<T>(result, frame.Fault);
        var outcome = before;
        var exit = Unsafe.As<Strategy<T>>(strategy).ResumeLeave(ref frame, ref slot, ref outcome);
        return CallTurn.Replaced(ref frame, exit, before, outcome, ref result);
    }
}
