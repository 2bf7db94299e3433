using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// The edges for the callback that most calls have: a state and a token. They call the delegate themselves, and nothing on their straight
/// line depends on the type of the result: code that is shared between reference types would look that type up at every step, which
/// breaker.closed measures as a third of a call. What leaves the line goes on in <see cref="CallRunner"/>.
/// </summary>
internal static partial class StraightCall
{
    private static ref Slot First<TSlots>(ref TSlots slots)
        where TSlots : struct => ref Unsafe.As<TSlots, Slot>(ref slots);

    /// <summary>
    /// The line itself, from where the call stands: before its callback, or after, with its end settled. True if the call is over, with its
    /// result in <paramref name="task"/> or a fault. In one piece with its caller, where frame and slots are locals: standard4 measures that.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Follow<TState, T>(
        ref CallFrame frame,
        ref Slot slots,
        Func<TState, CancellationToken, ValueTask<T>> callback,
        TState state,
        ref ValueTask<T> task,
        ref Entry entry,
        ref Exit exit)
    {
        do
        {
            if (frame.Phase == CallPhase.Entering)
            {
                entry = CallLoop.EnterStraight(ref frame, ref slots);
                if (entry == Entry.Go)
                {
                    task = callback(state, frame.CancellationToken);
                    if (!task.IsCompletedSuccessfully)
                    {
                        return false;
                    }

                    Settle(ref frame, ref task);
                }
                else if (!frame.TurnRefused(entry))
                {
                    return false;
                }
            }

            exit = CallLoop.LeaveStraight(ref frame, ref slots);
            if (exit == Exit.Continue)
            {
                return frame.HoldsNothing;
            }
        }
        while (exit == CallTurn.DecidedAgain
            && (exit = AgainAtOnce(ref frame, ref slots, ref task)) == Exit.Continue
            && frame.Phase == CallPhase.Entering);
        return false;
    }

    // The callback has ended well.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Settle<T>(ref CallFrame frame, ref ValueTask<T> task)
    {
        frame.Phase = CallPhase.Leaving;
        frame.RefreshClock();
        if (frame.Source is not null)
        {
            frame.ReleaseSource();
        }

        if (frame.Core.ResultClassifier is { } classifier)
        {
            frame.SetClassified(Classify(classifier, ref task));
        }
    }

    // A task can be read once only.
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static Verdict Classify<T>(object classifier, ref ValueTask<T> task)
    {
        var returned = task.GetAwaiter().GetResult();
        task = new ValueTask<T>(returned);
        return Unsafe.As<Classifier<T>>(classifier).ClassifyResult(returned);
    }

    // As in CallTurn; the result that is discarded lies in its task still.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Exit AgainAtOnce<T>(ref CallFrame frame, ref Slot slots, ref ValueTask<T> task)
    {
        if (frame.Delay > TimeSpan.Zero)
        {
            return CallTurn.DecidedAgain;
        }

        T? discarded = task.GetAwaiter().GetResult();
        task = default;
        return CallTurn.AgainAtOnce(ref frame, ref slots, ref discarded);
    }

    // Carries on what left the line. Null when the call is over.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PendingCall<ValueTaskCall<StateTokenInvoker<TState, ValueTask<T>>, T>, T>? Turn<TState, T>(
        ref CallFrame frame,
        ref Slot slots,
        Func<TState, CancellationToken, ValueTask<T>> callback,
        TState state,
        ref ValueTask<T> task,
        Entry entry,
        Exit exit,
        Exception? thrown,
        ref T? result)
    {
        var call = new ValueTaskCall<StateTokenInvoker<TState, ValueTask<T>>, T>(new(callback, state));

        // What was not over when the line looked may be by now: where the call stands says that it is still to be taken, not its task.
        var isPending = thrown is null && entry == Entry.Go && frame.Phase == CallPhase.Entering;
        var isOver = false;
        try
        {
            if (isPending)
            {
                isOver = task.IsCompleted;
                call.TakeOver(task);
            }
            else if (frame.Phase != CallPhase.Entering)
            {
                result = task.GetAwaiter().GetResult();
            }
        }
        catch (Exception exception)
        {
            thrown ??= exception;
        }

        return new StraightTurn(entry, exit, thrown).Take(ref frame, ref slots, ref call, isPending, isOver, ref result);
    }
}
