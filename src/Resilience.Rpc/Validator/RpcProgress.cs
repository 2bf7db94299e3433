namespace Resilience.Rpc;

/// <summary>How far a bulk validation is.</summary>
/// <param name="Done">How many were validated.</param>
/// <param name="Total">Of how many.</param>
/// <param name="Valid">How many of them are valid.</param>
public readonly record struct RpcProgress(int Done, int Total, int Valid);
