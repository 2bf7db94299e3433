using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Resilience;

/// <content>Quantiles and ranks.</content>
public sealed partial class LatencyHistogram
{
    /// <summary>The duration of one quantile by nearest rank; zero when nothing was recorded.</summary>
    /// <param name="quantile">From 0, the least, to 1, the greatest.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quantile"/> is not in [0, 1].</exception>
    public TimeSpan GetPercentile(double quantile)
    {
        var value = TimeSpan.Zero;
        GetPercentiles([quantile], new Span<TimeSpan>(ref value));
        return value;
    }

    /// <summary>Writes the duration of each quantile by nearest rank, all of the same records; zeros when nothing was recorded.</summary>
    /// <param name="quantiles">Quantiles in [0, 1] in any order; rising ones are found in one walk.</param>
    /// <param name="values">As long as <paramref name="quantiles"/>.</param>
    /// <exception cref="ArgumentException">The spans differ in length; nothing was written.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A quantile is not in [0, 1]; nothing was written.</exception>
    public void GetPercentiles(ReadOnlySpan<double> quantiles, Span<TimeSpan> values)
    {
        var nanoseconds = MemoryMarshal.Cast<TimeSpan, long>(values);
        GetNanoseconds(quantiles, nanoseconds);
        Quantile.ToTimeSpans(values);
    }

    /// <summary>Like <see cref="GetPercentiles"/>, in nanoseconds.</summary>
    /// <param name="quantiles">Quantiles in [0, 1] in any order; rising ones are found in one walk.</param>
    /// <param name="nanoseconds">As long as <paramref name="quantiles"/>.</param>
    /// <exception cref="ArgumentException">The spans differ in length; nothing was written.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A quantile is not in [0, 1]; nothing was written.</exception>
    [SkipLocalsInit]
    public void GetNanoseconds(ReadOnlySpan<double> quantiles, Span<long> nanoseconds)
    {
        Quantile.Check(quantiles, nanoseconds.Length);
        Read(stackalloc ulong[Buckets.Blocks]).Find(quantiles, nanoseconds);
        foreach (ref var value in nanoseconds)
        {
            value = _count == 0 ? 0 : Math.Clamp(value, _min, _max);
        }
    }

    /// <summary>
    /// The share of records that were faster than <paramref name="duration"/>, from 0 to 1; NaN when nothing was recorded. Records in the same
    /// bucket as <paramref name="duration"/>, at most 1.6 % faster, count as slower.
    /// </summary>
    /// <param name="duration">The duration to rank.</param>
    [SkipLocalsInit]
    public double GetShareBelow(TimeSpan duration)
    {
        var all = Read(stackalloc ulong[Buckets.Blocks]);
        return all.ShareBelow(duration);
    }

    /// <summary>The counts as a distribution.</summary>
    /// <param name="sums">Room for the sums of the blocks.</param>
    internal Distribution Read(Span<ulong> sums)
    {
        CountBlock.Sums(_counts, sums);
        return new Distribution(_counts, sums);
    }

    /// <summary>Takes over a difference of windows, whose records are known by bucket only.</summary>
    internal void Load(in Distribution distribution)
    {
        distribution.Counts.CopyTo(_counts);
        var count = distribution.Count;
        if (count == 0)
        {
            (_count, _sum, _min, _max) = (0, 0, long.MaxValue, 0);
            return;
        }

        var (min, max) = (Buckets.Report(distribution.At(1)), Buckets.Report(distribution.At(count)));
        var sum = UInt128.Clamp((UInt128)(WeightedMean.Of(distribution) * count), (UInt128)min * (UInt128)count, (UInt128)max * (UInt128)count);
        (_count, _sum, _min, _max) = (count, sum, min, max);
    }
}
