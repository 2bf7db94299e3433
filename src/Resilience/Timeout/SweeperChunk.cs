using System.Numerics;

namespace Resilience;

/// <summary>
/// Sixty-four places of the sweeper's table. Words are contiguous, so that a sweep reads eight to a cache line; places are handed out
/// with a stride of eight, so that items made one after the other, by threads that run at once, do not share a line.
/// </summary>
internal sealed class SweeperChunk
{
    internal const int Size = 64;

    internal readonly long[] Words = new long[Size];
    private readonly DeadlineItem?[] _items = new DeadlineItem?[Size];
    private ulong _taken;

    /// <summary>Takes an arming away from its owner, who then may not free the place: whoever claims reads the item next.</summary>
    internal bool TryClaim(int index, long word) => Interlocked.CompareExchange(ref Words[index], 0, word) == word;

    internal DeadlineItem ItemAt(int index) => Volatile.Read(ref _items[index])!;

    internal bool TryTake(DeadlineItem item, out int index)
    {
        while (true)
        {
            var taken = Volatile.Read(ref _taken);
            if (taken == ulong.MaxValue)
            {
                index = -1;
                return false;
            }

            var place = BitOperations.TrailingZeroCount(~taken);
            if (Interlocked.CompareExchange(ref _taken, taken | (1UL << place), taken) == taken)
            {
                index = Spread(place);
                Volatile.Write(ref _items[index], item);
                return true;
            }
        }
    }

    internal void Free(int index)
    {
        // The word is zero: its owner disarmed it, or the sweeper claimed it. The item is cleared before the place is offered again.
        Volatile.Write(ref _items[index], null);
        Interlocked.And(ref _taken, ~(1UL << Spread(index)));
    }

    // Transposes an 8 × 8 square, so it is its own inverse.
    private static int Spread(int place) => ((place & 7) << 3) | (place >> 3);
}
