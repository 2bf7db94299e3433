namespace Resilience.Benchmarks;

/// <summary>The rows of <c>hedging.</c></summary>
public class HedgingBenchmark() : ContestBenchmark("hedging.");
