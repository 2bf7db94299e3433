namespace Resilience.Benchmarks;

/// <summary>The rows of <c>timeout.</c></summary>
public class TimeoutBenchmark() : ContestBenchmark("timeout.");
