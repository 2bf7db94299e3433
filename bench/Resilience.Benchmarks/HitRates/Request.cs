namespace Resilience.Benchmarks;

/// <summary>One request of a trace.</summary>
/// <param name="Key">Equal for the same object.</param>
/// <param name="Size">In bytes; 1 where the trace has no sizes.</param>
internal readonly record struct Request(long Key, long Size);
