using System.Runtime.CompilerServices;

namespace Resilience;

/// <content>Answers: one difference of counts on the stack, and all that is asked for from it.</content>
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
    [SkipLocalsInit]
    public WindowReading GetPercentiles(ReadOnlySpan<double> quantiles, Span<TimeSpan> values)
    {
        Quantile.Check(quantiles, values.Length);
        var all = Read(_length, stackalloc uint[Buckets.Length], stackalloc ulong[Buckets.Blocks], out var reading);
        all.Find(quantiles, values);
        return reading;
    }

    /// <summary>Writes the duration of each quantile over the end of the window.</summary>
    /// <param name="over">How far back, from one slice to the window.</param>
    /// <param name="quantiles">Quantiles in [0, 1] in any order; rising ones are found in one walk.</param>
    /// <param name="values">As long as <paramref name="quantiles"/>.</param>
    /// <returns>Which records these are.</returns>
    /// <exception cref="ArgumentException">The spans differ in length; nothing was written.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="over"/> or a quantile is out of its range; nothing was written.</exception>
    [SkipLocalsInit]
    public WindowReading GetPercentiles(TimeSpan over, ReadOnlySpan<double> quantiles, Span<TimeSpan> values)
    {
        Quantile.Check(quantiles, values.Length);
        var back = Buckets.ToNanoseconds(over.Ticks);
        if (back < _slice || over > Window)
        {
            throw new ArgumentOutOfRangeException(
                nameof(over), over, FormattableString.Invariant($"over is {over}: from a slice of {Buckets.ToTimeSpan(_slice)} to the window of {Window}."));
        }

        var all = Read(Math.Min(back, _length), stackalloc uint[Buckets.Length], stackalloc ulong[Buckets.Blocks], out var reading);
        all.Find(quantiles, values);
        return reading;
    }

    /// <summary>Like <see cref="GetPercentiles(ReadOnlySpan{double}, Span{TimeSpan})"/>, in nanoseconds.</summary>
    /// <param name="quantiles">Quantiles in [0, 1] in any order; rising ones are found in one walk.</param>
    /// <param name="nanoseconds">As long as <paramref name="quantiles"/>.</param>
    /// <returns>Which records these are.</returns>
    /// <exception cref="ArgumentException">The spans differ in length; nothing was written.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A quantile is not in [0, 1]; nothing was written.</exception>
    [SkipLocalsInit]
    public WindowReading GetNanoseconds(ReadOnlySpan<double> quantiles, Span<long> nanoseconds)
    {
        Quantile.Check(quantiles, nanoseconds.Length);
        var all = Read(_length, stackalloc uint[Buckets.Length], stackalloc ulong[Buckets.Blocks], out var reading);
        all.Find(quantiles, nanoseconds);
        return reading;
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

    private Distribution Read(long over, Span<uint> counts, Span<ulong> sums, out WindowReading reading)
    {
        var coverage = _window.Read(over, counts, sums);
        var all = new Distribution(counts, sums);
        reading = new WindowReading(
            all.Count, all.Overflowed, Buckets.ToTimeSpan(coverage.To - coverage.From), Buckets.ToTimeSpan(coverage.Blur));
        return all;
    }
}
