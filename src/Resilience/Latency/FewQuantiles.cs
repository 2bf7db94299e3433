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

    // Mutable: what one thread has found so far. A bit for each block whose buckets are in the counts.
    private ulong _read;

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
    public ulong Answer(uint[][] live, Snapshot start, long least)
    {
        if (least >= LeastThatMayWrap)
        {
            return AnswerFromAll(live, start);
        }

        _read = 0;
        Count = (long)LiveCounts<TI>.Sums(live, start.Sums, _sums);
        while (!TryFind(live, start.Counts))
        {
        }

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
    private ulong AnswerFromAll(uint[][] live, Snapshot start)
    {
        Span<ulong> sums = stackalloc ulong[start.Sums.Length];
        var counts = _blocks[..start.Counts.Length];
        LiveCounts<TI>.Since(live, start.Counts, counts, sums);
        var all = new Distribution(counts, sums);
        all.Find(_quantiles, _nanoseconds);
        (Count, Overflowed) = (all.Count, all.Overflowed);
        return (ulong)Count;
    }

    // False when a block has grown since it was summed up, and so not oftener than there are blocks.
    private bool TryFind(uint[][] live, uint[] start)
    {
        Overflowed = 0;
        if (_sums.Length > OverflowBlock && _sums[OverflowBlock] != 0)
        {
            if (!TryRead(live, start, OverflowBlock))
            {
                return false;
            }

            Overflowed = _blocks[(OverflowBlock + 1) * CountBlock.WithRows - Buckets.Length + Buckets.Overflow];
        }

        if (Count == 0)
        {
            _nanoseconds.Clear();
            return true;
        }

        // References without bounds: no rank exceeds the sum of all, and no rest of one the sum of its block.
        ref var sum = ref MemoryMarshal.GetReference(_sums);
        ref var blocks = ref MemoryMarshal.GetReference(_blocks);
        var (count, block, before) = (Count, 0, 0L);
        for (var i = 0; i < _quantiles.Length; i++)
        {
            var rank = Quantile.Rank(_quantiles[i], count);
            if (rank <= before)
            {
                (block, before) = (0, 0);
            }

            for (var next = before + Unsafe.Add(ref sum, block); next < rank; next += Unsafe.Add(ref sum, block))
            {
                before = next;
                block++;
            }

            if (!TryRead(live, start, block))
            {
                return false;
            }

            var within = CountBlock.Seek(ref Unsafe.Add(ref blocks, block * CountBlock.WithRows), (uint)(rank - before));
            _nanoseconds[i] = Buckets.Report((block * Buckets.PerOctave) + within);
        }

        return true;
    }

    // A block is read twice at most: its first sum has decided nothing, or decides nothing any more.
    private bool TryRead(uint[][] live, uint[] start, int block)
    {
        if (((_read >> block) & 1) != 0)
        {
            return true;
        }

        _read |= 1UL << block;
        ref var sum = ref _sums[block];
        var first = sum;
        sum = LiveCounts<TI>.Block(live, start, block, ref _blocks[block * CountBlock.WithRows]);
        Count += (long)sum - first;
        return sum == first;
    }
}
