namespace Resilience;

/// <summary>
/// Counts of the last records: a ring of bucket indices, and a count for each bucket. A record is four interlocked operations. When nobody
/// records, the counts are exactly those of the ring; meanwhile they hold at most one record more for each thread that is recording, never less.
/// </summary>
/// <typeparam name="TI">The interleaving.</typeparam>
internal sealed class LastCounts<TI>
    where TI : struct, IInterleaving
{
    /// <summary>The site of counting the new record.</summary>
    internal const int CountNew = 1;

    /// <summary>The site of taking the next place of the ring.</summary>
    internal const int TakePlace = 2;

    /// <summary>The site of putting the new record in the place of the old one.</summary>
    internal const int Exchange = 3;

    /// <summary>The site of discounting the old record.</summary>
    internal const int DiscountOld = 4;

    private readonly uint[] _counts = new uint[Buckets.Length];

    // The bucket plus one; zero while the ring is not yet full.
    private readonly ushort[] _ring;
    private long _taken;

    /// <summary>A ring of <paramref name="length"/> records.</summary>
    internal LastCounts(int length) => _ring = new ushort[length];

    /// <summary>The counts, for tests that compare them with the ring.</summary>
    internal uint[] Counts => _counts;

    /// <summary>The ring, for tests that compare it with the counts.</summary>
    internal ushort[] Ring => _ring;

    /// <summary>Counts a record, and no longer the one as many records ago as the ring is long.</summary>
    internal void Record(int index)
    {
        // The new record is counted before it can be found in the ring: whoever discounts it comes later, and no count is ever negative.
        TI.Point(CountNew);
        Interlocked.Increment(ref _counts[index]);
        TI.Point(TakePlace);
        var place = (ulong)(Interlocked.Increment(ref _taken) - 1) % (ulong)_ring.Length;
        TI.Point(Exchange);
        var old = Interlocked.Exchange(ref _ring[place], (ushort)(index + 1));
        if (old != 0)
        {
            TI.Point(DiscountOld);
            Interlocked.Decrement(ref _counts[old - 1]);
        }
    }

    /// <summary>Writes the counts and the sum of each block.</summary>
    internal void Read(Span<uint> counts, Span<ulong> sums) => CountBlock.Copy(_counts, counts, sums);
}
