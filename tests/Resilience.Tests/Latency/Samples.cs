using FsCheck;
using FsCheck.Fluent;

namespace Resilience.Tests.Latency;

/// <summary>Durations in nanoseconds of every shape that a quantile may meet, and the exact answers of a sorted list.</summary>
internal static class Samples
{
    public static Config Config(string name, int runs = 300) =>
        FsCheck.Config.QuickThrowOnFailure.WithMaxTest(runs).WithEndSize(400).WithQuietOnSuccess(true).WithName(name);

    /// <summary>A seed, a shape and a length: shrinks to a short list of a plain shape.</summary>
    public static Arbitrary<long[]> Lists => Gen.Choose(0, int.MaxValue)
        .SelectMany(seed => Gen.Choose(0, 5).SelectMany(shape => Gen.Sized(size => Gen.Choose(1, Math.Max(1, size * 5)))
            .Select(length => Make(new Random(seed), shape, length)))).ToArbitrary();

    public static Arbitrary<double> Quantiles => Gen.OneOf(
        Gen.Choose(0, 1000).Select(n => n / 1000.0),
        Gen.Elements(0, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 1, double.Epsilon, 1 - 1e-16)).ToArbitrary();

    public static long[] Make(Random random, int shape, int length) => [.. Enumerable.Range(0, length).Select(i => shape switch
    {
        0 => random.NextInt64(Buckets.Limit),
        1 => 1_234_567,
        2 => (i % 10 == 0 ? 250_000_000 : 900_000) + random.Next(5_000),
        3 => (long)Math.Min(100_000 / Math.Pow(1 - random.NextDouble(), 1.2), Buckets.Limit - 1),
        4 => Edge(random),
        _ => (long)(Math.Exp(random.NextDouble() * 20) * random.NextDouble()),
    })];

    /// <summary>The nearest rank in exact arithmetic, the quantile taken as the shortest decimal that names it.</summary>
    public static long Exact(long[] sorted, double quantile) => sorted[(int)ExactRank(sorted.Length, quantile) - 1];

    public static long ExactRank(long count, double quantile) => quantile < 1e-20 ? 1
        : Math.Clamp((long)Math.Ceiling(decimal.Parse(quantile.ToString("R"), System.Globalization.NumberStyles.Float) * count), 1, count);

    /// <summary>Whether a reported duration is within the stated error of the true one.</summary>
    public static bool IsNear(long reported, long truth) => truth < 256 ? Math.Abs(reported - truth) <= 2 : Math.Abs(reported - truth) <= truth * 0.0079;

    private static long Edge(Random random)
    {
        var edge = random.Next(3) == 0 ? 1L << random.Next(41) : Buckets.Low(random.Next(Buckets.Count));
        return Math.Clamp(edge + random.Next(-1, 2), 0, Buckets.Limit - 1);
    }
}
