namespace Resilience.Arena;

/// <summary>A phase with its place on the run's clock, in seconds.</summary>
internal sealed record PhaseSpan(Phase Phase, double Start, double End);
