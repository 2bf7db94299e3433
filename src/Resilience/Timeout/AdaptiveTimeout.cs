namespace Resilience;

/// <summary>
/// A timeout that follows what the dependency does: a multiple of a quantile of a tracker, between two bounds. While the tracker holds too
/// few records there is none from it, so put a constant one around it.
/// </summary>
public sealed record AdaptiveTimeout
{
    private const double MostTimes = 1_000;
    private static readonly TimeSpan s_longestInterval = TimeSpan.FromHours(1);

    /// <summary>
    /// Where the dependency's latencies are. Feed it with what the timeout ends, too, as
    /// <see cref="PercentileTrackingExtensions.AddPercentileTracker{TBuilder}(TBuilder, PercentileTracker, string)"/> does: or it never sees
    /// that the dependency has become slower than the timeout.
    /// </summary>
    public required IPercentileTracker Tracker { get; init; }

    /// <summary>The quantile, above 0 and at most 1. Default: 0.99.</summary>
    public double Quantile { get; init; } = 0.99;

    /// <summary>By how much the quantile is multiplied, from 1 to 1,000. Default: 2.</summary>
    public double Multiple { get; init; } = 2;

    /// <summary>The shortest timeout, above zero. Default: 100 ms.</summary>
    public TimeSpan Least { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest timeout, at least <see cref="Least"/> and at most 365 days. Default: 30 s.</summary>
    public TimeSpan Most { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many records the tracker must hold, at least 1. Default: 100.</summary>
    public int MinimumRecords { get; init; } = 100;

    /// <summary>How often the tracker is asked, above zero and at most an hour; calls between use the last answer. Default: 1 s.</summary>
    public TimeSpan ReviewInterval { get; init; } = TimeSpan.FromSeconds(1);

    internal void Validate()
    {
        Check(Tracker is not null, nameof(Tracker), "null: a tracker is needed");
        Check(Quantile is > 0 and <= 1, nameof(Quantile), FormattableString.Invariant($"{Quantile}: above 0 and at most 1"));
        Check(Multiple is >= 1 and <= MostTimes, nameof(Multiple), FormattableString.Invariant($"{Multiple}: from 1 to {MostTimes}"));
        Check(TimeoutOptions.IsInRange(Least), nameof(Least), $"{Least}: {TimeoutOptions.Range}");
        Check(TimeoutOptions.IsInRange(Most), nameof(Most), $"{Most}: {TimeoutOptions.Range}");
        Check(Least <= Most, nameof(Least), $"{Least} and {nameof(Most)} is {Most}: the least must not exceed the most");
        Check(MinimumRecords >= 1, nameof(MinimumRecords), FormattableString.Invariant($"{MinimumRecords}: at least 1"));
        Check(
            ReviewInterval > TimeSpan.Zero && ReviewInterval <= s_longestInterval,
            nameof(ReviewInterval), $"{ReviewInterval}: above zero and at most an hour");
    }

    private static void Check(bool holds, string option, string message)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException($"Adaptive.{option}", $"{option} is {message}.");
        }
    }
}
