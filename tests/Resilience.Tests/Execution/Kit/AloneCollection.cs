namespace Resilience.Tests.Execution;

/// <summary>Runs when nothing else does.</summary>
[CollectionDefinition(Allocations.Alone, DisableParallelization = true)]
public sealed class AloneCollection;
