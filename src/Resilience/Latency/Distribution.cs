using System.Runtime.InteropServices;

namespace Resilience;

/// <summary>Counts that nobody changes any more, with the sum of each block: whatever is asked of it comes from the same records.</summary>
internal readonly ref struct Distribution
{
    private readonly ReadOnlySpan<uint> _counts;
    private readonly ReadOnlySpan<ulong> _sums;

    /// <summary>A distribution over whole blocks of counts and their sums.</summary>
    internal Distribution(ReadOnlySpan<uint> counts, ReadOnlySpan<ulong> sums)
    {
        _counts = counts;
        _sums = sums;
        var count = 0UL;
        foreach (var sum in sums)
        {
            count += sum;
        }

        Count = (long)count;
    }

    /// <summary>How many records there are.</summary>
    internal long Count { get; }

    /// <summary>How many of them lie above the range.</summary>
    internal long Overflowed => _counts[Buckets.Overflow];

    /// <summary>The count of each bucket.</summary>
    internal ReadOnlySpan<uint> Counts => _counts;

    /// <summary>The sum of each octave.</summary>
    internal ReadOnlySpan<ulong> Sums => _sums;

    /// <summary>Writes the nanoseconds of each quantile; zero when there is no record.</summary>
    /// <param name="quantiles">Quantiles in [0, 1]; rising ones are found in one walk.</param>
    /// <param name="nanoseconds">As long as <paramref name="quantiles"/>.</param>
    internal void Find(ReadOnlySpan<double> quantiles, Span<long> nanoseconds)
    {
        var block = 0;
        var before = 0L;
        for (var i = 0; i < quantiles.Length; i++)
        {
            var rank = Quantile.Rank(quantiles[i], Count);
            if (rank <= before)
            {
                (block, before) = (0, 0);
            }

            nanoseconds[i] = rank == 0 ? 0 : Buckets.Report(Seek(rank, ref block, ref before));
        }
    }

    /// <summary>Writes the duration of each quantile; zero when there is no record.</summary>
    internal void Find(ReadOnlySpan<double> quantiles, Span<TimeSpan> values)
    {
        Find(quantiles, MemoryMarshal.Cast<TimeSpan, long>(values));
        Quantile.ToTimeSpans(values);
    }

    /// <summary>The share of records in buckets below that of <paramref name="duration"/>; NaN when there is none.</summary>
    internal double ShareBelow(TimeSpan duration) => (double)Below(Buckets.IndexOfTicks(duration.Ticks)) / Count;

    /// <summary>Count, extremes and mean.</summary>
    internal LatencySummary Summary(WindowReading reading)
    {
        if (Count == 0)
        {
            return new LatencySummary(reading, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        }

        var (min, max) = (Buckets.Report(At(1)), Buckets.Report(At(Count)));
        var mean = Math.Clamp((long)(WeightedMean.Of(this) + 0.5), min, max);
        return new LatencySummary(reading, Buckets.ToTimeSpan(min), Buckets.ToTimeSpan(mean), Buckets.ToTimeSpan(max));
    }

    /// <summary>Writes the text form.</summary>
    internal bool TryFormat(WindowReading reading, Span<char> destination, out int written, ReadOnlySpan<char> format)
    {
        Span<TimeSpan> values = stackalloc TimeSpan[LatencyText.Quantiles.Length];
        Find(LatencyText.Quantiles, values);
        return new LatencyText(destination).TryWrite(format, Summary(reading), values, _sums, out written);
    }

    /// <summary>How many records lie in buckets below <paramref name="index"/>.</summary>
    internal long Below(int index)
    {
        var below = 0UL;
        var block = index / Buckets.PerOctave;
        foreach (var sum in _sums[..block])
        {
            below += sum;
        }

        foreach (var count in _counts[(block * Buckets.PerOctave)..index])
        {
            below += count;
        }

        return (long)below;
    }

    /// <summary>The bucket of the record at <paramref name="rank"/>, which lies in [1, <see cref="Count"/>].</summary>
    internal int At(long rank)
    {
        var block = 0;
        var before = 0L;
        return Seek(rank, ref block, ref before);
    }

    // Walks on from a block and from what lies before it.
    private int Seek(long rank, ref int block, ref long before)
    {
        while (before + (long)_sums[block] < rank)
        {
            before += (long)_sums[block++];
        }

        return Within(block * Buckets.PerOctave, (ulong)(rank - before));
    }

    // Apart from the walk over the blocks: together they need more registers than there are.
    private int Within(int index, ulong left)
    {
        for (ulong count = _counts[index]; count < left; count = _counts[index])
        {
            left -= count;
            index++;
        }

        return index;
    }
}
