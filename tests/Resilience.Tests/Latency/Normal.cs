namespace Resilience.Tests.Latency;

/// <summary>The normal distribution, as far as these tests need it.</summary>
internal static class Normal
{
    /// <summary>A sample by Box and Muller's transform.</summary>
    public static double Next(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>The standard score of a quantile that the tests use, from tables.</summary>
    public static double Inverse(double quantile) => quantile switch
    {
        0.5 => 0,
        0.9 => 1.281552,
        0.95 => 1.644854,
        0.99 => 2.326348,
        _ => throw new ArgumentOutOfRangeException(nameof(quantile)),
    };
}
