namespace Resilience.Arena;

/// <summary>Percentiles of a set of latencies in milliseconds, by nearest rank; null where there is nothing to rank.</summary>
internal sealed record Percentiles(double? P50, double? P95, double? P99, double? P999)
{
    public static Percentiles Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        return new Percentiles(Rank(sorted, 0.50), Rank(sorted, 0.95), Rank(sorted, 0.99), Rank(sorted, 0.999));
    }

    /// <summary>The smallest value that at least the given part of the values does not exceed.</summary>
    public static double? Rank(double[] sorted, double part) =>
        sorted.Length == 0 ? null : sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Length) - 1, 0, sorted.Length - 1)];
}
