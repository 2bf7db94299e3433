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
    internal static ulong Since(AlignedCounts[] live, BlockRange used, AlignedCounts start, Span<uint> target, Span<ulong> sums)
    {
        target.Clear();
        sums.Clear();
        var total = 0UL;
        for (var block = used.First; block < used.End; block++)
        {
            var counts = Difference(live, start, block);
            counts.Store(ref target[block * Buckets.PerOctave]);
            sums[block] = counts.Sum();
            total += sums[block];
        }

        return total;
    }

    /// <summary>
    /// Writes how much was counted since a snapshot in each block in use, as far as 32 bits tell, given the snapshot's own sums: `latency.query.5` pays
    /// for not reading the snapshot's counts, and for adding up four blocks at once.
    /// </summary>
    /// <returns>The sum of all.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static ulong Sums(AlignedCounts[] live, BlockRange used, uint[] start, Span<uint> sums)
    {
        ref var from = ref MemoryMarshal.GetArrayDataReference(start);
        ref var to = ref MemoryMarshal.GetReference(sums);
        var total = Vector128<ulong>.Zero;
        var (block, end) = ((nuint)used.First, (nuint)used.End);
        for (; block + Group <= end; block += Group)
        {
            TI.Point(ReadLive);
            var live4 = CountBlock.FourSums(ref live[0][(int)block * Buckets.PerOctave]);
            for (var i = 1; i < live.Length; i++)
            {
                TI.Point(ReadLive);
                live4 += CountBlock.FourSums(ref live[i][(int)block * Buckets.PerOctave]);
            }

            TI.Point(ReadSnapshot);
            var four = live4 - Vector128.LoadUnsafe(ref from, block);
            four.StoreUnsafe(ref to, block);
            total += Vector128.WidenLower(four) + Vector128.WidenUpper(four);
        }

        var all = Vector128.Sum(total);
        for (; block < end; block++)
        {
            TI.Point(ReadLive);
            var sum = Vector256.Sum(CountBlock.Fold(ref live[0][(int)block * Buckets.PerOctave]));
            for (var i = 1; i < live.Length; i++)
            {
                TI.Point(ReadLive);
                sum = unchecked(sum + Vector256.Sum(CountBlock.Fold(ref live[i][(int)block * Buckets.PerOctave])));
            }

            TI.Point(ReadSnapshot);
            sums[(int)block] = unchecked(sum - start[block]);
            all += sums[(int)block];
        }

        return all;
    }

    /// <summary>Writes what was counted since <paramref name="start"/> in one block, as <see cref="CountBlock.StoreWithRows"/> does.</summary>
    /// <returns>The sum of what was written, as far as 32 bits tell.</returns>
    internal static uint Block(AlignedCounts[] live, AlignedCounts start, int block, ref uint target) =>
        Difference(live, start, block).StoreWithRows(ref target);

    /// <summary>Writes the live counts and the sum of each block in use to <paramref name="target"/>, which holds nothing elsewhere.</summary>
    /// <returns>How many records they hold beyond <paramref name="start"/>, which may be those of <paramref name="target"/> itself.</returns>
    internal static ulong Copy(AlignedCounts[] live, BlockRange used, AlignedCounts start, Snapshot target)
    {
        var since = 0UL;
        for (var block = used.First; block < used.End; block++)
        {
            var offset = block * Buckets.PerOctave;
            var counts = Sum(live, block);
            since += counts.Subtract(ref start[offset]).Sum();
            Point(WriteSnapshot, block);
            counts.Store(ref target.Counts[offset]);
            target.Sums[block] = Vector256.Sum(counts.Fold());
        }

        return since;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static CountBlock Difference(AlignedCounts[] live, AlignedCounts start, int block)
    {
        var counts = Sum(live, block);
        Point(ReadSnapshot, block);
        return counts.Subtract(ref start[block * Buckets.PerOctave]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static CountBlock Sum(AlignedCounts[] live, int block)
    {
        var offset = block * Buckets.PerOctave;
        Point(ReadLive, block);
        var counts = CountBlock.Load(ref live[0][offset]);
        for (var i = 1; i < live.Length; i++)
        {
            Point(ReadLive, block);
            counts = counts.Add(ref live[i][offset]);
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
