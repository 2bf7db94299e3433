namespace Resilience;

/// <summary>
/// Count, extremes and mean of a window. All come from the same counts as the quantiles that were asked for with them, so that the least is no
/// more than any quantile and the greatest no less; each is within the error of a bucket, 0.79 % (2 ns below 256 ns), and rounded to 100 ns.
/// </summary>
/// <param name="Reading">Which records this is about.</param>
/// <param name="Min">The least duration; zero when there is none.</param>
/// <param name="Mean">The mean duration; zero when there is none. Too low if any record overflowed.</param>
/// <param name="Max">The greatest duration; zero when there is none.</param>
public readonly record struct LatencySummary(WindowReading Reading, TimeSpan Min, TimeSpan Mean, TimeSpan Max);
