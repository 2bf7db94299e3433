namespace Resilience.Benchmarks;

/// <summary>The rows of <c>breaker.</c></summary>
public class CircuitBreakerBenchmark() : ContestBenchmark("breaker.");
