using System.Diagnostics;
using System.Numerics;

namespace Resilience;

/// <summary>
/// Sixty-four places of the sweeper's table. Words are contiguous, so that a sweep reads eight to a cache line; places are handed out
/// with a stride of eight, so that items made one after the other, by threads that run at once, do not share a line.
/// </summary>
/// <typeparam name="TI">How accesses are ordered; <see cref="Production"/> outside of tests.</typeparam>
internal sealed class SweeperChunk<TI>
    where TI : struct, IInterleaving
{
    internal const int Size = 64;

    internal readonly long[] Words = new long[Size];
    private readonly DeadlineItem<TI>?[] _items = new DeadlineItem<TI>?[Size];
    private ulong _taken;

    /// <summary>The places in use, one bit each, for <see cref="PlaceOf"/>.</summary>
    internal ulong Taken
    {
        get
        {
            TI.Point(20);
            return Volatile.Read(ref _taken);
        }
    }

    /// <summary>The index of the lowest place in a set that is not empty.</summary>
    internal static int PlaceOf(ulong places) => Spread(BitOperations.TrailingZeroCount(places));

    /// <summary>Who has the place now; null while it changes hands.</summary>
    internal DeadlineItem<TI>? ItemAt(int index)
    {
        TI.Point(21);
        return Volatile.Read(ref _items[index]);
    }

    internal bool TryTake(DeadlineItem<TI> item, out int index)
    {
        while (true)
        {
            var taken = Taken;
            if (taken == ulong.MaxValue)
            {
                index = -1;
                return false;
            }

            var place = BitOperations.TrailingZeroCount(~taken);
            TI.Point(22);
            if (Interlocked.CompareExchange(ref _taken, taken | (1UL << place), taken) == taken)
            {
                index = Spread(place);
                TI.Point(23);
                Volatile.Write(ref _items[index], item);
                return true;
            }
        }
    }

    internal void Free(int index)
    {
        Debug.Assert(Words[index] == 0, "A place is given back by who disarmed its item, or after the sweep claimed it.");
        TI.Point(24);

        // The item is cleared before the place is offered again: the next owner's must not be.
        Volatile.Write(ref _items[index], null);
        TI.Point(25);
        Interlocked.And(ref _taken, ~(1UL << Spread(index)));
    }

    // Transposes an 8 × 8 square, so it is its own inverse.
    private static int Spread(int place) => ((place & 7) << 3) | (place >> 3);
}
