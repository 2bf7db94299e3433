namespace Resilience;

/// <summary>
/// How many calls that began in a slice of time are still under way, so that those older than the slow threshold can be counted before they
/// end. A call whose slice has left the table is forgotten: its end finds another tag.
/// </summary>
internal sealed class InFlight<TI>
    where TI : struct, IInterleaving
{
    // The slice's number in the upper half, its calls under way in the lower.
    private readonly long[] _slices;
    private readonly long _sliceTicks;
    private readonly long _windowTicks;
    private readonly long _slowTicks;
    private long _judged;

    internal InFlight(CircuitRules rules)
    {
        var window = rules.Options.Window;
        _windowTicks = window.Duration.Ticks;
        _sliceTicks = Math.Max(1, _windowTicks / window.Slices);
        _slowTicks = rules.SlowTicks;
        _slices = new long[((_windowTicks + _slowTicks) / _sliceTicks) + 3];
    }

    internal bool Matches(InFlight<TI> other) =>
        (_sliceTicks, _windowTicks, _slowTicks) == (other._sliceTicks, other._windowTicks, other._slowTicks);

    internal void Enter(long start) => Change(start, 1);

    internal void Leave(long start) => Change(start, -1);

    /// <summary>Whether the caller is the first to look in this slice.</summary>
    internal bool IsDue(long now)
    {
        var slice = now / _sliceTicks;
        TI.Point(90);
        var seen = Volatile.Read(ref _judged);
        return slice > seen && Interlocked.CompareExchange(ref _judged, slice, seen) == seen;
    }

    /// <summary>The calls under way whose whole slice is older than the threshold, and by at most a window.</summary>
    internal long CountSlow(long now)
    {
        var last = ((now - _slowTicks) / _sliceTicks) - 1;
        var first = Math.Max(0, (now - _slowTicks - _windowTicks) / _sliceTicks);
        var count = 0L;
        for (var slice = first; slice <= last; slice++)
        {
            TI.Point(91);
            var seen = Volatile.Read(ref _slices[slice % _slices.Length]);
            count += seen >> 32 == (int)slice ? (uint)seen : 0;
        }

        return count;
    }

    private void Change(long start, int by)
    {
        var slice = start / _sliceTicks;
        ref var place = ref _slices[slice % _slices.Length];
        while (true)
        {
            TI.Point(92);
            var seen = Volatile.Read(ref place);
            var age = (int)slice - (int)(seen >> 32);
            if (age < 0 || (by < 0 && (age > 0 || (uint)seen == 0)))
            {
                return;
            }

            var next = age > 0 ? (slice << 32) | 1 : seen + by;
            TI.Point(93);
            if (Interlocked.CompareExchange(ref place, next, seen) == seen)
            {
                return;
            }
        }
    }
}
