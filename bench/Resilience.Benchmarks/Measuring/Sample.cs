namespace Resilience.Benchmarks;

/// <summary>One round of one side: what a call cost.</summary>
/// <param name="Nanoseconds">Time a call, a thread.</param>
/// <param name="Bytes">Bytes a call.</param>
/// <param name="IsDisturbed">Whether the system took a thread off its processor, or started one late.</param>
internal readonly record struct Sample(double Nanoseconds, double Bytes, bool IsDisturbed = false);
