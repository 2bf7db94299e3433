namespace Resilience.Benchmarks;

/// <summary>The rows of <c>pipeline.</c></summary>
public class PipelineBenchmark() : ContestBenchmark("pipeline.");
