using System.Diagnostics;

namespace Resilience;

/// <content>The word: attempts under way in its lowest byte, attempts started in the next, and whether the race is decided.</content>
internal abstract partial class HedgeCourse<TI>
{
    private int TryReserve()
    {
        while (true)
        {
            TI.Point(11);
            var seen = Volatile.Read(ref _state);
            var started = (seen >> StartedShift) & CountMask;
            if ((seen & DecidedBit) != 0 || started >= MaxAttempts)
            {
                return -1;
            }

            TI.Point(12);
            if (Interlocked.CompareExchange(ref _state, seen + OneStarted + 1, seen) == seen)
            {
                return started;
            }
        }
    }

    private Turn TryEnd(bool wins, out int left)
    {
        while (true)
        {
            TI.Point(13);
            var seen = Volatile.Read(ref _state);
            left = (seen & CountMask) - 1;
            Debug.Assert(left >= 0, "An attempt ends once.");
            var isLost = (seen & DecidedBit) != 0;
            var decides = !isLost && (wins || left == 0);
            TI.Point(14);
            if (Interlocked.CompareExchange(ref _state, (seen - 1) | (decides ? DecidedBit : 0), seen) == seen)
            {
                return isLost ? Turn.Lost : decides ? Turn.Decided : Turn.Open;
            }
        }
    }

    private enum Turn
    {
        Open,
        Decided,
        Lost,
    }
}
