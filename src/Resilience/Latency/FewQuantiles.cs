using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Resilience;

/// <summary>
/// Asks for quantiles, of which most blocks of buckets need only be summed up. Requirements: every answer comes from one and the same count of
/// each bucket. A block into which a rank falls is therefore read again, once, with all its buckets; what it then holds takes the place of
/// what was summed up first, and if that is more, all ranks are found anew.
/// </summary>
/// <typeparam name="TI">The interleaving.</typeparam>
internal ref struct FewQuantiles<TI> : IWindowQuery
    where TI : struct, IInterleaving
{
    // Below this, a block that sums up to more than 32 bits is found out like a bucket that wraps: too little is seen.
    private const long LeastThatMayWrap = 1L << 31;
    private const int OverflowBlock = Buckets.Overflow / Buckets.PerOctave;

    private readonly ReadOnlySpan<double> _quantiles;
    private readonly Span<long> _nanoseconds;

    // The counts of the blocks that were read, each behind the sums of its rows.
    private readonly Span<uint> _blocks;
    private readonly Span<uint> _sums;

    /// <summary>A question.</summary>
    /// <param name="quantiles">Quantiles in [0, 1]; rising ones are found in one walk.</param>
    /// <param name="nanoseconds">Where the answers go; as long as <paramref name="quantiles"/>.</param>
    /// <param name="blocks">Room for <see cref="CountBlock.WithRows"/> numbers a block.</param>
    /// <param name="sums">Room for the sum of each block.</param>
    internal FewQuantiles(ReadOnlySpan<double> quantiles, Span<long> nanoseconds, Span<uint> blocks, Span<uint> sums)
    {
        _quantiles = quantiles;
        _nanoseconds = nanoseconds;
        _blocks = blocks;
        _sums = sums;
    }

    /// <summary>How many records there are.</summary>
    internal long Count { get; private set; }

    /// <summary>How many of them lie above the range.</summary>
    internal long Overflowed { get; private set; }

    /// <inheritdoc/>
    public ulong Answer(AlignedCounts[] live, BlockRange used, Snapshot start, long least)
    {
        if (least >= LeastThatMayWrap)
        {
            return AnswerFromAll(live, used, start);
        }

        var sum = (long)LiveCounts<TI>.Sums(live, used, start.Sums, _sums);
        (Count, Overflowed) = Find(
            live, start.Counts, used, sum, ref MemoryMarshal.GetReference(_sums), ref MemoryMarshal.GetReference(_blocks), _quantiles, _nanoseconds);
        return (ulong)Count;
    }

    /// <inheritdoc/>
    public void AnswerNothing()
    {
        _nanoseconds.Clear();
        (Count, Overflowed) = (0, 0);
    }

    // Where a block may hold more than 32 bits tell.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong AnswerFromAll(AlignedCounts[] live, BlockRange used, Snapshot start)
    {
        Span<ulong> sums = stackalloc ulong[start.Sums.Length];
        var counts = _blocks[..start.Counts.Length];
        LiveCounts<TI>.Since(live, used, start.Counts, counts, sums);
        var all = new Distribution(counts, sums);
        all.Find(_quantiles, _nanoseconds);
        (Count, Overflowed) = (all.Count, all.Overflowed);
        return (ulong)Count;
    }

    // Apart and static, so that what it has found so far stays in registers. References without bounds: no rank exceeds the sum of all, and no rest of
    // one the sum of its block.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (long Count, long Overflowed) Find(
        AlignedCounts[] live, AlignedCounts start, BlockRange used, long count, ref uint sums, ref uint blocks, ReadOnlySpan<double> quantiles, Span<long> nanoseconds)
    {
        // A bit for each block whose buckets were read.
        var read = 0UL;
        var overflowed = 0L;
        if (used.End > OverflowBlock && Unsafe.Add(ref sums, OverflowBlock) != 0)
        {
            read = 1UL << OverflowBlock;
            count += Read(live, start, OverflowBlock, ref sums, ref blocks);
            overflowed = Unsafe.Add(ref blocks, ((OverflowBlock + 1) * CountBlock.WithRows) - Buckets.Length + Buckets.Overflow);
        }

        var (block, before) = (used.First, 0L);
        for (var i = 0; i < quantiles.Length && count != 0; i++)
        {
            var rank = Quantile.Rank(quantiles[i], count);
            if (rank <= before)
            {
                (block, before) = (used.First, 0);
            }

            for (var next = before + Unsafe.Add(ref sums, block); next < rank; next += Unsafe.Add(ref sums, block))
            {
                before = next;
                block++;
            }

            // A block is read twice at most: its first sum has decided nothing, or decides nothing any more.
            if (((read >> block) & 1) == 0)
            {
                read |= 1UL << block;
                var grown = Read(live, start, block, ref sums, ref blocks);
                if (grown != 0)
                {
                    count += grown;
                    (i, block, before) = (-1, used.First, 0);
                    continue;
                }
            }

            var within = CountBlock.Seek(ref Unsafe.Add(ref blocks, block * CountBlock.WithRows), (uint)(rank - before));
            nanoseconds[i] = Buckets.Report((block * Buckets.PerOctave) + within);
        }

        if (count == 0)
        {
            nanoseconds.Clear();
        }

        return (count, overflowed);
    }

    // How much the block has grown since it was summed up.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Read(AlignedCounts[] live, AlignedCounts start, int block, ref uint sums, ref uint blocks)
    {
        ref var sum = ref Unsafe.Add(ref sums, block);
        var first = sum;
        sum = LiveCounts<TI>.Block(live, start, block, ref Unsafe.Add(ref blocks, block * CountBlock.WithRows));
        return (long)sum - first;
    }
}
