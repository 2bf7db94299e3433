using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// Counts of durations from 0 to 3,607 s with quantiles within 0.79 % (within 2 ns below 256 ns), and exact count, sum, least and greatest.
/// For one thread at a time. A record allocates nothing and takes constant time; the size is fixed at 8.8 KiB.
/// </summary>
/// <remarks>
/// Durations above the range are counted apart (<see cref="Overflowed"/>) and stand in quantiles as the top of the range, or the greatest
/// duration if that is known. Negative durations count as zero and those above 292 years as 292 years. A bucket that has
/// 4,294,967,295 records stays there. A <see cref="TimeSpan"/> read back is rounded to its tick of 100 ns.
/// </remarks>
public sealed partial class LatencyHistogram
{
    private readonly uint[] _counts = new uint[Buckets.Length];
    private long _count;
    private UInt128 _sum;
    private long _min = long.MaxValue;
    private long _max;

    /// <summary>How many durations were recorded.</summary>
    public long Count => _count;

    /// <summary>How many of them lie above the range.</summary>
    public long Overflowed => _counts[Buckets.Overflow];

    /// <summary>The exact sum of all durations, in nanoseconds.</summary>
    public UInt128 SumNanoseconds => _sum;

    /// <summary>The least duration in nanoseconds; zero when nothing was recorded.</summary>
    public long MinNanoseconds => _count == 0 ? 0 : _min;

    /// <summary>The greatest duration in nanoseconds; zero when nothing was recorded.</summary>
    public long MaxNanoseconds => _max;

    /// <summary>The least duration; zero when nothing was recorded.</summary>
    public TimeSpan Min => Buckets.ToTimeSpan(MinNanoseconds);

    /// <summary>The greatest duration; zero when nothing was recorded.</summary>
    public TimeSpan Max => Buckets.ToTimeSpan(MaxNanoseconds);

    /// <summary>The mean of all durations; zero when nothing was recorded.</summary>
    public TimeSpan Mean => _count == 0 ? TimeSpan.Zero : Buckets.ToTimeSpan((long)(_sum / (ulong)_count));

    /// <summary>The count of each bucket.</summary>
    internal ReadOnlySpan<uint> Counts => _counts;

    /// <summary>Counts a duration.</summary>
    /// <param name="duration">The duration.</param>
    /// <exception cref="OverflowException">The count would exceed 63 bits; nothing has changed.</exception>
    public void Record(TimeSpan duration) => RecordNanoseconds(Buckets.ToNanoseconds(duration.Ticks));

    /// <summary>Counts a duration given in nanoseconds.</summary>
    /// <param name="nanoseconds">The duration.</param>
    /// <exception cref="OverflowException">The count would exceed 63 bits; nothing has changed.</exception>
    public void RecordNanoseconds(long nanoseconds)
    {
        _count = checked(_count + 1);
        nanoseconds = Math.Max(0, nanoseconds);
        ref var count = ref _counts[Buckets.IndexOf(nanoseconds)];
        count += count == uint.MaxValue ? 0U : 1U;
        Note(nanoseconds, (ulong)nanoseconds);
    }

    /// <summary>Counts a duration given in nanoseconds several times.</summary>
    /// <param name="nanoseconds">The duration.</param>
    /// <param name="times">How often; zero changes nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="times"/> is negative.</exception>
    /// <exception cref="OverflowException">The count would exceed 63 bits; nothing has changed.</exception>
    public void RecordNanoseconds(long nanoseconds, long times)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(times);
        if (times == 0)
        {
            return;
        }

        var total = checked(_count + times);
        nanoseconds = Math.Max(0, nanoseconds);
        ref var count = ref _counts[Buckets.IndexOf(nanoseconds)];
        count = (uint)Math.Min(uint.MaxValue, count + (ulong)times);
        _count = total;
        Note(nanoseconds, (UInt128)(ulong)nanoseconds * (ulong)times);
    }

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        Array.Clear(_counts);
        (_count, _sum, _min, _max) = (0, 0, long.MaxValue, 0);
    }

    /// <summary>Adds what <paramref name="other"/> holds.</summary>
    /// <param name="other">Another histogram, or this one, whose counts then double.</param>
    /// <exception cref="OverflowException">The count would exceed 63 bits; nothing has changed.</exception>
    public void Merge(LatencyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var (total, sum) = (checked(_count + other._count), _sum + other._sum);
        for (var i = 0; i <= Buckets.Overflow; i++)
        {
            _counts[i] = (uint)Math.Min(uint.MaxValue, _counts[i] + (ulong)other._counts[i]);
        }

        (_count, _sum) = (total, sum);
        _min = Math.Min(_min, other._min);
        _max = Math.Max(_max, other._max);
    }

    /// <summary>
    /// Takes away what <paramref name="part"/> holds: an earlier state of this histogram, or one that was merged into it. Count and sum stay
    /// exact; least and greatest become bounds as tight as the buckets that are left allow.
    /// </summary>
    /// <param name="part">The part to take away.</param>
    /// <exception cref="ArgumentException"><paramref name="part"/> holds what this histogram does not, or a bucket is full; nothing has changed.</exception>
    public void Subtract(LatencyHistogram part)
    {
        ArgumentNullException.ThrowIfNull(part);
        var audit = default(HistogramAudit);
        for (var i = 0; i <= Buckets.Overflow; i++)
        {
            if (part._counts[i] > _counts[i])
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"part holds {part._counts[i]} records from {Buckets.Low(i)} ns and this histogram {_counts[i]}: it was never a part of it."));
            }

            audit.Add(i, _counts[i] - part._counts[i]);
        }

        var (count, sum) = (_count - part._count, unchecked(_sum - part._sum));
        var (min, max) = (Math.Max(_min, audit.Least), Math.Min(_max, audit.Greatest));
        if (audit.Judge(count, sum, min, max) is { } flaw)
        {
            throw new ArgumentException($"part was never a part of this histogram: without it, {flaw}.");
        }

        for (var i = 0; i <= Buckets.Overflow; i++)
        {
            _counts[i] -= part._counts[i];
        }

        (_count, _sum, _min, _max) = (count, sum, min, max);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Note(long nanoseconds, UInt128 sum)
    {
        _sum += sum;
        _min = Math.Min(_min, nanoseconds);
        _max = Math.Max(_max, nanoseconds);
    }
}
