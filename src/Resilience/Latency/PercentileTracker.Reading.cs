using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Resilience;

/// <content>Answers: each from one difference of counts on the stack.</content>
public sealed partial class PercentileTracker
{
    /// <inheritdoc/>
    [SkipLocalsInit]
    public TimeSpan GetPercentile(double quantile)
    {
        var value = TimeSpan.Zero;
        GetPercentiles([quantile], new Span<TimeSpan>(ref value));
        return value;
    }

    /// <inheritdoc/>
    public WindowReading GetPercentiles(ReadOnlySpan<double> quantiles, Span<TimeSpan> values)
    {
        Quantile.Check(quantiles, values.Length);
        return Find(_length, quantiles, values);
    }

    /// <summary>Writes the duration of each quantile over the end of the window.</summary>
    /// <param name="over">How far back, from one slice to the window.</param>
    /// <param name="quantiles">Quantiles in [0, 1] in any order; rising ones are found in one walk.</param>
    /// <param name="values">As long as <paramref name="quantiles"/>.</param>
    /// <returns>Which records these are.</returns>
    /// <exception cref="ArgumentException">The spans differ in length; nothing was written.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="over"/> or a quantile is out of its range; nothing was written.</exception>
    public WindowReading GetPercentiles(TimeSpan over, ReadOnlySpan<double> quantiles, Span<TimeSpan> values)
    {
        Quantile.Check(quantiles, values.Length);
        var back = Buckets.ToNanoseconds(over.Ticks);
        if (over < Buckets.ToTimeSpan(_slice) || over > Window)
        {
            throw new ArgumentOutOfRangeException(
                nameof(over), over, FormattableString.Invariant($"over is {over}: from a slice of {Buckets.ToTimeSpan(_slice)} to the window of {Window}."));
        }

        return Find(Math.Min(back, _length), quantiles, values);
    }

    /// <summary>Like <see cref="GetPercentiles(ReadOnlySpan{double}, Span{TimeSpan})"/>, in nanoseconds.</summary>
    /// <param name="quantiles">Quantiles in [0, 1] in any order; rising ones are found in one walk.</param>
    /// <param name="nanoseconds">As long as <paramref name="quantiles"/>.</param>
    /// <returns>Which records these are.</returns>
    /// <exception cref="ArgumentException">The spans differ in length; nothing was written.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A quantile is not in [0, 1]; nothing was written.</exception>
    public WindowReading GetNanoseconds(ReadOnlySpan<double> quantiles, Span<long> nanoseconds)
    {
        Quantile.Check(quantiles, nanoseconds.Length);
        return Find(_length, quantiles, nanoseconds);
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public LatencySummary GetSummary(ReadOnlySpan<double> quantiles, Span<TimeSpan> values)
    {
        Quantile.Check(quantiles, values.Length);
        var all = Read(_length, stackalloc uint[Buckets.Length], stackalloc ulong[Buckets.Blocks], out var reading);
        all.Find(quantiles, values);
        return all.Summary(reading);
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public double GetShareBelow(TimeSpan duration)
    {
        var all = Read(_length, stackalloc uint[Buckets.Length], stackalloc ulong[Buckets.Blocks], out _);
        return all.ShareBelow(duration);
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public WindowReading CopyTo(LatencyHistogram target)
    {
        ArgumentNullException.ThrowIfNull(target);
        target.Load(Read(_length, stackalloc uint[Buckets.Length], stackalloc ulong[Buckets.Blocks], out var reading));
        return reading;
    }

    private static WindowReading Reading(long count, long overflowed, Coverage coverage) =>
        new(count, overflowed, Buckets.ToTimeSpan(coverage.To - coverage.From), Buckets.ToTimeSpan(coverage.Blur));

    private WindowReading Find(long over, ReadOnlySpan<double> quantiles, Span<TimeSpan> values)
    {
        var reading = Find(over, quantiles, MemoryMarshal.Cast<TimeSpan, long>(values));
        Quantile.ToTimeSpans(values);
        return reading;
    }

    [SkipLocalsInit]
    private WindowReading Find(long over, ReadOnlySpan<double> quantiles, Span<long> nanoseconds)
    {
        var query = new FewQuantiles<Production>(
            quantiles, nanoseconds, AlignedCounts.Align(stackalloc uint[(Buckets.Blocks * CountBlock.WithRows) + AlignedCounts.Slack]), stackalloc uint[Buckets.Blocks]);
        var coverage = _window.Read(over, ref query);
        return Reading(query.Count, query.Overflowed, coverage);
    }

    private Distribution Read(long over, Span<uint> counts, Span<ulong> sums, out WindowReading reading)
    {
        var query = new WholeCounts<Production>(counts, sums);
        var coverage = _window.Read(over, ref query);
        var all = new Distribution(counts, sums);
        reading = Reading(all.Count, all.Overflowed, coverage);
        return all;
    }
}
