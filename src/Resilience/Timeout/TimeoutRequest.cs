namespace Resilience;

/// <summary>What a generator of timeouts is told of the call.</summary>
/// <param name="Attempt">The number of the attempt about to start, from 0.</param>
/// <param name="OperationName">The caller's name for the operation, if it brought a context that has one.</param>
public readonly record struct TimeoutRequest(int Attempt, string? OperationName);
