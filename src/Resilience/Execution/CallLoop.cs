using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// The one loop that carries a call through its strategies, on the caller's stack and after every suspension alike. All of its state is in
/// the frame, the slots, the call and the result, so it can stop and go on at any position in either direction.
/// </summary>
internal static class CallLoop
{
    /// <summary>
    /// The straight line in: asks the strategies from the frame's position inward while they say go. What it returns otherwise is the answer
    /// of the strategy at the frame's position.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Entry EnterStraight(ref CallFrame frame, ref Slot slots)
    {
        var strategies = frame.Core.Strategies;
        for (var i = frame.Position; (uint)i < (uint)strategies.Length; i++)
        {
            frame.Position = i;
            var entry = strategies[i].TryEnter(ref frame, ref Unsafe.Add(ref slots, i));
            if (entry != Entry.Go)
            {
                return entry;
            }
        }

        // The position beyond the last says that what throws now is the callback.
        frame.Position = strategies.Length;
        return Entry.Go;
    }

    /// <summary>
    /// The straight line out: tells the strategies from the frame's position outward while they say continue. What it returns otherwise is
    /// the answer of the strategy at the frame's position.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Exit LeaveStraight(ref CallFrame frame, ref Slot slots)
    {
        var strategies = frame.Core.Strategies;
        for (var i = frame.Position - 1; i >= frame.Start; i--)
        {
            frame.Position = i;
            var exit = strategies[i].Leave(ref frame, ref Unsafe.Add(ref slots, i));
            if (exit != Exit.Continue)
            {
                return exit;
            }
        }

        frame.Phase = CallPhase.Over;
        return Exit.Continue;
    }

    /// <summary>
    /// The straight line: in, the callback, out, and again where that waits for nothing. True if the call got to its end that way; false if
    /// it waits, turned or threw (then after <see cref="Settlement.Catch"/>): <see cref="Run"/> carries it on from where it stands.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool RunStraight<TCall, T>(ref CallFrame frame, ref Slot slots, ref TCall call, ref T? result)
        where TCall : struct, ICall<T>
    {
        do
        {
            Enter(ref frame, ref slots, ref call, ref result);
            if (frame.Phase != CallPhase.Leaving)
            {
                return false;
            }

            if (Leave(ref frame, ref slots, ref result))
            {
                return true;
            }
        }
        while (frame.Phase == CallPhase.Entering);
        return false;
    }

    /// <summary>Runs until the call is over (true) or must wait for something (false); then it is called again when that has ended.</summary>
    internal static bool Run<TCall, T>(ref CallFrame frame, ref Slot slots, ref TCall call, ref T? result)
        where TCall : struct, ICall<T>
    {
        while (true)
        {
            try
            {
                if (frame.Phase == CallPhase.Entering)
                {
                    Enter(ref frame, ref slots, ref call, ref result);
                }
                else
                {
                    CallResumption.Resume(ref frame, ref slots, ref call, ref result);
                }

                if (frame.Phase == CallPhase.Leaving && Leave(ref frame, ref slots, ref result))
                {
                    return true;
                }
            }
            catch (Exception exception)
            {
                Settlement.Catch(ref frame, ref result, exception);
            }

            if (frame.MustSuspend)
            {
                return false;
            }
        }
    }

    // In, and the callback started.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Enter<TCall, T>(ref CallFrame frame, ref Slot slots, ref TCall call, ref T? result)
        where TCall : struct, ICall<T>
    {
        for (var entry = EnterStraight(ref frame, ref slots); entry != Entry.Go; entry = EnterStraight(ref frame, ref slots))
        {
            if (!CallTurn.Enter(ref frame, entry, ref Unsafe.Add(ref slots, frame.Position), ref call, ref result))
            {
                return;
            }

            frame.Position++;
        }

        if (!call.Start(ref frame, ref result))
        {
            frame.Phase = CallPhase.Started;
            return;
        }

        frame.Phase = CallPhase.Leaving;
        Settlement.Settle(ref frame, ref result);
    }

    // Out. True when the outermost strategy has been left; false when the call waits, or starts another attempt.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Leave<T>(ref CallFrame frame, ref Slot slots, ref T? result)
    {
        for (var exit = LeaveStraight(ref frame, ref slots); exit != Exit.Continue; exit = LeaveStraight(ref frame, ref slots))
        {
            if (!CallTurn.Leave(ref frame, exit, ref slots, ref result))
            {
                return false;
            }
        }

        return true;
    }
}
