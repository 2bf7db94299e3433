using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// Quantiles of the last so many durations, however long ago they were. Safe for any number of threads: a record is four interlocked
/// operations and takes 2 bytes, a reading waits for nobody, neither allocates. While threads are recording, a reading may count one record
/// more for each of them. Quantiles are nearest ranks within 0.79 % (2 ns below 256 ns), rounded to 100 ns.
/// </summary>
public sealed partial class CountPercentileTracker : IPercentileTracker
{
    private const int Most = 1 << 24;
    private readonly LastCounts<Production> _last;

    /// <summary>A tracker of the last <paramref name="records"/> durations.</summary>
    /// <param name="records">How many, from 1 to 16,777,216.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="records"/> is out of its range.</exception>
    public CountPercentileTracker(int records)
    {
        if (records is < 1 or > Most)
        {
            throw new ArgumentOutOfRangeException(nameof(records), records, FormattableString.Invariant($"records is {records}: from 1 to {Most}."));
        }

        _last = new LastCounts<Production>(records);
    }

    /// <summary>How many records the window holds when it is full.</summary>
    public int Records => _last.Ring.Length;

    /// <inheritdoc/>
    public void Record(TimeSpan duration) => _last.Record(Buckets.IndexOfTicks(duration.Ticks));

    /// <summary>Records a duration in <see cref="TimeSpan"/> ticks of 100 ns; negative counts as zero.</summary>
    /// <param name="ticks">The duration.</param>
    public void Record(long ticks) => _last.Record(Buckets.IndexOfTicks(ticks));

    /// <summary>Records a duration in nanoseconds; negative counts as zero.</summary>
    /// <param name="nanoseconds">The duration.</param>
    public void RecordNanoseconds(long nanoseconds) => _last.Record(Buckets.IndexOf(nanoseconds));

    /// <inheritdoc/>
    [SkipLocalsInit]
    public TimeSpan GetPercentile(double quantile)
    {
        var value = TimeSpan.Zero;
        GetPercentiles([quantile], new Span<TimeSpan>(ref value));
        return value;
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public WindowReading GetPercentiles(ReadOnlySpan<double> quantiles, Span<TimeSpan> values)
    {
        Quantile.Check(quantiles, values.Length);
        var all = Read(stackalloc uint[Buckets.Length], stackalloc ulong[Buckets.Blocks]);
        all.Find(quantiles, values);
        return Reading(all);
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public LatencySummary GetSummary(ReadOnlySpan<double> quantiles, Span<TimeSpan> values)
    {
        Quantile.Check(quantiles, values.Length);
        var all = Read(stackalloc uint[Buckets.Length], stackalloc ulong[Buckets.Blocks]);
        all.Find(quantiles, values);
        return all.Summary(Reading(all));
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public double GetShareBelow(TimeSpan duration) =>
        Read(stackalloc uint[Buckets.Length], stackalloc ulong[Buckets.Blocks]).ShareBelow(duration);

    /// <inheritdoc/>
    [SkipLocalsInit]
    public WindowReading CopyTo(LatencyHistogram target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var all = Read(stackalloc uint[Buckets.Length], stackalloc ulong[Buckets.Blocks]);
        target.Load(all);
        return Reading(all);
    }

    private static WindowReading Reading(in Distribution all) => new(all.Count, all.Overflowed, TimeSpan.Zero, TimeSpan.Zero);

    private Distribution Read(Span<uint> counts, Span<ulong> sums)
    {
        _last.Read(counts, sums);
        return new Distribution(counts, sums);
    }
}
