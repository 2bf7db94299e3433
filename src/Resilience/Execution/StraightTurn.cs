namespace Resilience;

/// <summary>Where a call left the straight line: the answer that was not "go" or "continue", or what was thrown.</summary>
internal readonly ref struct StraightTurn(Entry entry, Exit exit, Exception? thrown)
{
    /// <summary>Carries the turn out, and the call on from there. Null when it is over.</summary>
    /// <param name="frame">The call.</param>
    /// <param name="slots">Its slots.</param>
    /// <param name="call">Its callback, with what is pending of it.</param>
    /// <param name="isPending">Whether the callback was started and its end is not taken yet.</param>
    /// <param name="isOver">Whether what is pending has ended, by a failure.</param>
    /// <param name="result">The result, if the callback returned one.</param>
    internal PendingCall<TCall, T>? Take<TCall, T>(
        ref CallFrame frame, ref Slot slots, ref TCall call, bool isPending, bool isOver, ref T? result)
        where TCall : struct, ICall<T>
    {
        if (thrown is not null)
        {
            Settlement.Catch(ref frame, ref result, thrown);
        }
        else if (isPending)
        {
            frame.Phase = CallPhase.Started;
            return isOver && CallLoop.Run(ref frame, ref slots, ref call, ref result)
                ? End<TCall, T>(ref frame)
                : PendingCall<TCall, T>.Start(ref frame, ref slots, ref call, result);
        }
        else
        {
            Turn(ref frame, ref slots, ref call, ref result);
        }

        return CallRunner.Finish(ref frame, ref slots, ref call, ref result);
    }

    private static PendingCall<TCall, T>? End<TCall, T>(ref CallFrame frame)
        where TCall : struct, ICall<T>
    {
        frame.End();
        return null;
    }

    private void Turn<TCall, T>(ref CallFrame frame, ref Slot slots, ref TCall call, ref T? result)
        where TCall : struct, ICall<T>
    {
        try
        {
            if (exit != Exit.Continue)
            {
                CallTurn.Leave(ref frame, exit, ref slots, ref result);
            }
            else if (frame.Phase == CallPhase.Entering
                && CallTurn.Enter(
                    ref frame, entry, ref System.Runtime.CompilerServices.Unsafe.Add(ref slots, frame.Position), ref call, ref result))
            {
                frame.Position++;
            }
        }
        catch (Exception exception)
        {
            Settlement.Catch(ref frame, ref result, exception);
        }
    }
}
