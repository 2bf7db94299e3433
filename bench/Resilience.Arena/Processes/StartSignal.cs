namespace Resilience.Arena;

/// <summary>
/// When second 0 of the script is, as a reading of <see cref="System.Diagnostics.Stopwatch"/>: monotonic and the same in every process
/// of the machine, so that upstream and contestant share one clock.
/// </summary>
internal sealed record StartSignal(long At);
