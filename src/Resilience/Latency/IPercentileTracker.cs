namespace Resilience;

/// <summary>Quantiles of what happened lately: over a time (<see cref="PercentileTracker"/>) or a number of records (<see cref="CountPercentileTracker"/>).</summary>
public interface IPercentileTracker
{
    /// <summary>Records a duration; negative counts as zero.</summary>
    /// <param name="duration">The duration.</param>
    void Record(TimeSpan duration);

    /// <summary>The duration of one quantile by nearest rank; zero when nothing was recorded.</summary>
    /// <param name="quantile">From 0, the least, to 1, the greatest.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quantile"/> is not in [0, 1].</exception>
    TimeSpan GetPercentile(double quantile);

    /// <summary>Writes the duration of each quantile by nearest rank, all of the same records; zeros when nothing was recorded.</summary>
    /// <param name="quantiles">Quantiles in [0, 1] in any order; rising ones are found in one walk.</param>
    /// <param name="values">As long as <paramref name="quantiles"/>.</param>
    /// <returns>Which records these are.</returns>
    /// <exception cref="ArgumentException">The spans differ in length; nothing was written.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A quantile is not in [0, 1]; nothing was written.</exception>
    WindowReading GetPercentiles(ReadOnlySpan<double> quantiles, Span<TimeSpan> values);

    /// <summary>Writes the duration of each quantile, and gives count, extremes and mean of the same records.</summary>
    /// <param name="quantiles">Quantiles in [0, 1] in any order; may be empty.</param>
    /// <param name="values">As long as <paramref name="quantiles"/>.</param>
    /// <exception cref="ArgumentException">The spans differ in length; nothing was written.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A quantile is not in [0, 1]; nothing was written.</exception>
    LatencySummary GetSummary(ReadOnlySpan<double> quantiles, Span<TimeSpan> values);

    /// <summary>
    /// The share of records that were faster than <paramref name="duration"/>, from 0 to 1; NaN when nothing was recorded. Records in the same
    /// bucket as <paramref name="duration"/>, at most 1.6 % faster, count as slower.
    /// </summary>
    /// <param name="duration">The duration to rank.</param>
    double GetShareBelow(TimeSpan duration);

    /// <summary>
    /// Replaces what <paramref name="target"/> holds by the window, to ask more of it, merge it with others or send it on. Its sum and extremes
    /// are then within the error of a bucket.
    /// </summary>
    /// <param name="target">The caller's own histogram.</param>
    /// <returns>Which records these are.</returns>
    WindowReading CopyTo(LatencyHistogram target);
}
