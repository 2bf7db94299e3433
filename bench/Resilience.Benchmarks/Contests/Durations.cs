namespace Resilience.Benchmarks;

/// <summary>
/// Durations to record, from 10 µs to 10 s, evenly spread over the logarithm, in no order. So few that neither they nor their buckets leave
/// the nearest cache.
/// </summary>
internal static class Durations
{
    public const int Count = 256;
    private const double Least = 100;
    private const double Decades = 6;
    private const int Seed = 4711;

    /// <summary>In ticks. Each is what a histogram tells for its bucket, so that a sorted list and a tracker give the same quantiles.</summary>
    public static long[] Ticks { get; } = Make(Count);

    /// <summary>As many as wanted, made in the same way.</summary>
    public static long[] Make(int count)
    {
        var random = new Random(Seed);
        var bucket = new LatencyHistogram();
        return [.. Enumerable.Range(0, count).Select(_ => Told(bucket, (long)(Least * Math.Pow(10, Decades * random.NextDouble()))))];
    }

    private static long Told(LatencyHistogram bucket, long ticks)
    {
        // The second of three: the least and the greatest are told exactly.
        bucket.Reset();
        bucket.Record(TimeSpan.Zero);
        bucket.Record(TimeSpan.FromTicks(ticks));
        bucket.Record(TimeSpan.MaxValue);
        return bucket.GetPercentile(0.5).Ticks;
    }
}
