namespace Resilience.Benchmarks;

/// <summary>What was reached on a trace at a size, in per cent of the requests.</summary>
internal sealed record HitRates(string Trace, long Size, bool IsBytes)
{
    public required double Recency { get; init; }

    public required double Frequency { get; init; }

    /// <summary>One rate for each seed, in order.</summary>
    public required double[] Adaptive { get; init; }

    /// <summary>By worth for its bytes; null where objects have one size.</summary>
    public double? Density { get; init; }

    /// <summary>Null where it cannot be found.</summary>
    public double? Optimal { get; init; }

    /// <summary>What is owed; null if nothing.</summary>
    public double? Owed { get; init; }

    public double Median => Adaptive[Adaptive.Length / 2];

    /// <summary>What is owed is owed by the density mode where there are sizes.</summary>
    public bool IsMet => !(Owed > (Density ?? Median));

    public string SizeText => IsBytes ? $"{Size / 1048576.0:0.##} MiB" : $"{Size}";
}
