using System.Diagnostics;

namespace Resilience;

/// <summary>
/// The course of a race between attempts at one call. Requirements: the first outcome that nothing follows is the race's, exactly one is,
/// and when all attempts fail it is the last failure; what is not the race's is discarded, once; attempts under way at the decision are
/// cancelled; no attempt starts after it; the call around it waits for the decision alone; the object is given back when nobody can reach
/// it any more: neither the call, nor an attempt, nor the delay.
/// </summary>
/// <remarks>
/// One word says how many attempts were started, how many are under way, whether the race is decided, and who can reach it; it changes by
/// interlocked operations. What an operation returns is the call's continuation, to be run last, with nothing of the race on the stack.
/// </remarks>
/// <typeparam name="TI">How accesses are ordered; <see cref="Production"/> outside of tests.</typeparam>
internal abstract partial class HedgeCourse<TI> : PendingPart
    where TI : struct, IInterleaving
{
    private static readonly Action s_decided = static () => { };

    // The failed attempt whose outcome stands if all others fail, plus one.
    private int _held;
    private long _armed;
    private Action? _continuation;

    /// <summary>Whether the outcome is there.</summary>
    internal bool IsDecided
    {
        get
        {
            TI.Point(1);
            return (Volatile.Read(ref _state) & DecidedBit) != 0;
        }
    }

    /// <summary>How many attempts were started, the first included.</summary>
    internal int Started => StartedIn(Volatile.Read(ref _state));

    /// <summary>The attempt whose outcome is the race's, once it is decided.</summary>
    protected int Winner { get; private set; }

    /// <summary>Has <paramref name="continuation"/> run when the race is decided; false if it is, and the caller goes on instead.</summary>
    internal bool TryAwait(Action continuation)
    {
        TI.Point(2);
        return Interlocked.CompareExchange(ref _continuation, continuation, null) is null;
    }

    /// <summary>An attempt is over. What it holds of the race is released.</summary>
    internal Action? End(int index, AttemptEnding ending)
    {
        if (IsDecided)
        {
            return Lose(index);
        }

        return ending == AttemptEnding.Wins ? EndWinning(index) : EndFailing(index, ending);
    }

    /// <summary>The delay is over. Takes over what the delay held of the race.</summary>
    internal Action? OnDelayOver()
    {
        var last = default(Action?);
        var goesOn = false;
        if (!IsDecided)
        {
            TI.Point(3);
            if (NextDue > Volatile.Read(ref _armed))
            {
                // A failure has started an attempt meanwhile: the delay counts from that one.
                goesOn = true;
            }
            else
            {
                last = TryStart(HedgeReason.Late, out var isStarted);
                goesOn = isStarted && Started < MaxAttempts;
            }
        }

        if (goesOn)
        {
            Arm(NextDue);
        }
        else
        {
            Release();
        }

        return last;
    }

    /// <summary>Gives up a hold; whoever gives up the last one recycles the race.</summary>
    internal sealed override void Release()
    {
        if (TryLeave(OneHolder))
        {
            Clear();
        }
    }

    /// <summary>Begins with one attempt under way. The holders are that attempt and the call.</summary>
    protected void Begin()
    {
        _held = 0;
        Volatile.Write(ref _state, (2 * OneHolder) | OneStarted | 1);
    }

    /// <summary>Starts what is due at once, or waits for the delay. By who began the race, and once, while its first attempt holds it.</summary>
    /// <param name="waits">Whether there is a delay to wait for.</param>
    protected Action? Go(bool waits)
    {
        if (IsParallel)
        {
            var last = default(Action?);
            for (var isStarted = true; isStarted && last is null;)
            {
                last = TryStart(HedgeReason.Late, out isStarted);
            }

            return last;
        }

        if (waits && Started < MaxAttempts)
        {
            Hold();
            Arm(NextDue);
        }

        return null;
    }

    protected void Hold() => Interlocked.Add(ref _state, OneHolder);

    /// <summary>The delay that is over, and was waited for before there was a race, holds it. By who begins the race.</summary>
    protected void HoldDelay(long word)
    {
        Hold();
        Volatile.Write(ref _armed, word);
    }

    /// <summary>Starts another attempt unless the race is decided, the attempts are used up, or it is not permitted.</summary>
    protected Action? TryStart(HedgeReason reason, out bool isStarted)
    {
        isStarted = false;
        if (IsDecided || Started >= MaxAttempts || !TryPermit(out var debt))
        {
            return null;
        }

        var index = TryReserve();
        if (index < 0)
        {
            GiveBack(debt);
            return null;
        }

        isStarted = true;
        return Start(index, debt, reason);
    }

    /// <summary>An attempt that was reserved found the race decided and does not run.</summary>
    protected Action? EndUnstarted()
    {
        Debug.Assert(IsDecided, "That is why it does not run.");
        OnLoserEnded();
        LeaveEnded();
        return null;
    }

    private void Clear()
    {
        _continuation = null;
        _armed = 0;
        Recycle();
    }

    // The hold of the delay passes on to it.
    private void Arm(long word)
    {
        Volatile.Write(ref _armed, word);
        TI.Point(10);
        ArmTimer(word);

        // Either this sees the decision, or who decides sees the timer armed: a full fence lies between on both sides.
        if (IsDecided && TryDisarmTimer(word))
        {
            Release();
        }
    }
}
