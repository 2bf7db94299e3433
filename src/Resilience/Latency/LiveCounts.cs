using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Resilience;

/// <summary>
/// Passes over counts that other threads are incrementing, block by block. A vector load takes each aligned 32-bit count whole on every
/// processor that .NET runs on, and each count only grows, so that what a pass sees lies between its start and its end, bucket by bucket.
/// </summary>
/// <typeparam name="TI">The interleaving.</typeparam>
internal static class LiveCounts<TI>
    where TI : struct, IInterleaving
{
    // How many blocks the quickest pass adds up at once.
    private const int Group = 4;

    /// <summary>The site of a read of a block of live counts.</summary>
    internal const int ReadLive = 20;

    /// <summary>The site of a read of a block of a snapshot, or of its sum.</summary>
    internal const int ReadSnapshot = 21;

    /// <summary>The site of a write of a block of a snapshot and its sum.</summary>
    internal const int WriteSnapshot = 22;

    /// <summary>Writes what was counted since <paramref name="start"/> to <paramref name="target"/>, and the sum of each block to <paramref name="sums"/>.</summary>
    /// <returns>The sum of all.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static ulong Since(uint[][] live, uint[] start, Span<uint> target, Span<ulong> sums)
    {
        var total = 0UL;
        for (var block = 0; block < sums.Length; block++)
        {
            var counts = Difference(live, start, block);
            counts.Store(ref target[block * Buckets.PerOctave]);
            sums[block] = counts.Sum();
            total += sums[block];
        }

        return total;
    }

    /// <summary>
    /// Writes how much was counted since a snapshot in each block, as far as 32 bits tell, given the snapshot's own sums: `latency.query.5` pays
    /// for not reading the snapshot's counts, and for adding up four blocks at once.
    /// </summary>
    /// <returns>The sum of all.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static ulong Sums(uint[][] live, uint[] start, Span<uint> sums)
    {
        ref var from = ref MemoryMarshal.GetArrayDataReference(start);
        ref var to = ref MemoryMarshal.GetReference(sums);
        var total = Vector128<ulong>.Zero;
        nuint block = 0;
        for (; block + Group <= (nuint)sums.Length; block += Group)
        {
            TI.Point(ReadLive);
            var live4 = CountBlock.FourSums(live[0], block);
            for (var i = 1; i < live.Length; i++)
            {
                TI.Point(ReadLive);
                live4 += CountBlock.FourSums(live[i], block);
            }

            TI.Point(ReadSnapshot);
            var four = live4 - Vector128.LoadUnsafe(ref from, block);
            four.StoreUnsafe(ref to, block);
            total += Vector128.WidenLower(four) + Vector128.WidenUpper(four);
        }

        var all = Vector128.Sum(total);
        for (; block < (nuint)sums.Length; block++)
        {
            TI.Point(ReadLive);
            var sum = Vector256.Sum(CountBlock.Fold(live[0], block));
            for (var i = 1; i < live.Length; i++)
            {
                TI.Point(ReadLive);
                sum = unchecked(sum + Vector256.Sum(CountBlock.Fold(live[i], block)));
            }

            TI.Point(ReadSnapshot);
            sums[(int)block] = unchecked(sum - start[block]);
            all += sums[(int)block];
        }

        return all;
    }

    /// <summary>Writes what was counted since <paramref name="start"/> in one block, as <see cref="CountBlock.StoreWithRows"/> does.</summary>
    /// <returns>The sum of what was written, as far as 32 bits tell.</returns>
    internal static uint Block(uint[][] live, uint[] start, int block, ref uint target) =>
        Difference(live, start, block).StoreWithRows(ref target);

    /// <summary>Writes the live counts and the sum of each block to <paramref name="target"/>.</summary>
    /// <returns>How many records they hold beyond <paramref name="start"/>, which may be those of <paramref name="target"/> itself.</returns>
    internal static ulong Copy(uint[][] live, uint[] start, Snapshot target)
    {
        var since = 0UL;
        for (var block = 0; block < target.Sums.Length; block++)
        {
            var offset = block * Buckets.PerOctave;
            var counts = Sum(live, block);
            since += counts.Subtract(CountBlock.Load(start, offset)).Sum();
            Point(WriteSnapshot, block);
            counts.Store(ref target.Counts[offset]);
            target.Sums[block] = Vector256.Sum(counts.Fold());
        }

        return since;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static CountBlock Difference(uint[][] live, uint[] start, int block)
    {
        var counts = Sum(live, block);
        Point(ReadSnapshot, block);
        return counts.Subtract(CountBlock.Load(start, block * Buckets.PerOctave));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static CountBlock Sum(uint[][] live, int block)
    {
        var offset = block * Buckets.PerOctave;
        Point(ReadLive, block);
        var counts = CountBlock.Load(live[0], offset);
        for (var i = 1; i < live.Length; i++)
        {
            Point(ReadLive, block);
            counts = counts.Add(CountBlock.Load(live[i], offset));
        }

        return counts;
    }

    // Tests have their buckets in the first block of a group.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Point(int site, int block)
    {
        if (block % Group == 0)
        {
            TI.Point(site);
        }
    }
}
