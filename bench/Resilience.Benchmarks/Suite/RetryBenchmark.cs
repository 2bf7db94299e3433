namespace Resilience.Benchmarks;

/// <summary>The rows of <c>retry.</c></summary>
public class RetryBenchmark() : ContestBenchmark("retry.");
