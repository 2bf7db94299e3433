using System.Diagnostics;

namespace Resilience;

/// <content>
/// The word: attempts under way in its lowest byte, attempts started in the next, whether the race is decided, and above that who can reach
/// the race: the call, each attempt until its end is dealt with, the armed delay, each cancellation on its way.
/// </content>
internal abstract partial class HedgeCourse<TI>
{
    private const int StartedShift = 8;
    private const int OneStarted = 1 << StartedShift;
    private const int CountMask = 0xFF;
    private const int DecidedBit = 1 << 16;
    private const int HoldersShift = 17;
    private const int OneHolder = 1 << HoldersShift;

    // Changed by interlocked operations only, but for the first and the last write.
    private int _state;

    private static int StartedIn(int state) => (state >> StartedShift) & CountMask;

    // What is reserved holds the race.
    private int TryReserve()
    {
        while (true)
        {
            TI.Point(11);
            var seen = Volatile.Read(ref _state);
            var started = StartedIn(seen);
            if ((seen & DecidedBit) != 0 || started >= MaxAttempts)
            {
                return -1;
            }

            TI.Point(12);
            if (Interlocked.CompareExchange(ref _state, seen + OneHolder + OneStarted + 1, seen) == seen)
            {
                return started;
            }
        }
    }

    // Who leaves the race open has let go of it; who decides it holds it still, and who lost has not counted itself out.
    private Turn TryEnd(bool wins, out int state)
    {
        while (true)
        {
            TI.Point(13);
            var seen = Volatile.Read(ref _state);
            Debug.Assert((seen & CountMask) != 0, "An attempt ends once.");
            var decides = wins || (seen & CountMask) == 1;
            state = decides ? (seen - 1) | DecidedBit : seen - OneHolder - 1;
            if ((seen & DecidedBit) != 0)
            {
                return Turn.Lost;
            }

            TI.Point(14);
            if (Interlocked.CompareExchange(ref _state, state, seen) == seen)
            {
                return decides ? Turn.Decided : Turn.Open;
            }
        }
    }

    // An attempt that lost is over, and lets go.
    private void LeaveEnded()
    {
        if (TryLeave(OneHolder + 1))
        {
            Clear();
        }
    }

    // True for the last holder, who needs no interlocked operation: nobody else can reach the word.
    private bool TryLeave(int part)
    {
        TI.Point(4);
        var seen = Volatile.Read(ref _state);
        if (seen >> HoldersShift != 1)
        {
            TI.Point(16);
            seen = Interlocked.Add(ref _state, -part) + part;
        }

        Debug.Assert(
            seen >> HoldersShift != 1 || ((seen - part) & (CountMask | DecidedBit)) == DecidedBit, "Attempts and the call hold the race.");
        return seen >> HoldersShift == 1;
    }

    private enum Turn
    {
        Open,
        Decided,
        Lost,
    }
}
