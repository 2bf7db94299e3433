using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// The one loop that carries a call through its strategies, on the caller's stack and after every suspension alike. All of its state is in
/// the frame, the slots, the call and the result, so it can stop and go on at any position in either direction.
/// </summary>
internal static class CallLoop
{
    /// <summary>Runs until the call is over (true) or must wait for something (false); then it is called again when that has ended.</summary>
    internal static bool Run<TCall, T>(ref CallFrame frame, Span<Slot> slots, ref TCall call, ref T? result)
        where TCall : struct, ICall<T>
    {
        while (true)
        {
            try
            {
                if (frame.Phase != CallPhase.Entering)
                {
                    CallTurn.Resume(ref frame, slots, ref call, ref result);
                }

                if (frame.Phase == CallPhase.Entering)
                {
                    Enter(ref frame, slots, ref call, ref result);
                }

                if (frame.Phase == CallPhase.Leaving && Leave(ref frame, slots, ref result))
                {
                    return true;
                }

                if (frame.Phase == CallPhase.Started || (frame.IsWaiting && !frame.WaitIsOver))
                {
                    return false;
                }
            }
            catch (Exception exception)
            {
                Settlement.Catch(ref frame, ref result, exception);
            }
        }
    }

    // Afterwards the call is leaving, or something is pending.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Enter<TCall, T>(ref CallFrame frame, Span<Slot> slots, ref TCall call, ref T? result)
        where TCall : struct, ICall<T>
    {
        var core = frame.Core;
        var strategies = core.Strategies;
        while ((uint)frame.Position < (uint)strategies.Length)
        {
            var position = frame.Position;
            if ((core.Special >> position & 1) != 0)
            {
                if (!CallTurn.EnterSpecial(ref frame, ref slots[position], ref call, ref result))
                {
                    return;
                }
            }
            else
            {
                var entry = strategies[position].TryEnter(ref frame, ref slots[position]);
                if (entry != Entry.Go)
                {
                    CallTurn.Turn(ref frame, entry, ref result);
                    return;
                }
            }

            frame.Position++;
        }

        frame.BeginCallback();
        if (!call.Start(ref frame, ref result))
        {
            frame.Phase = CallPhase.Started;
            return;
        }

        frame.Phase = CallPhase.Leaving;
        Settlement.Settle(ref frame, ref result);
    }

    // True when the outermost strategy has been left. False when the call waits, or starts another attempt.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Leave<T>(ref CallFrame frame, Span<Slot> slots, ref T? result)
    {
        var core = frame.Core;
        while (frame.Position > frame.Start)
        {
            var position = --frame.Position;
            var exit = (core.Typed >> position & 1) != 0
                ? CallTurn.LeaveTyped(ref frame, ref slots[position], ref result)
                : core.Strategies[position].Leave(ref frame, ref slots[position]);
            if (exit != Exit.Continue && !CallTurn.Turn(ref frame, slots, exit, ref result))
            {
                return false;
            }
        }

        return true;
    }
}
