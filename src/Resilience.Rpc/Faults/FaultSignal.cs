namespace Resilience.Rpc;

/// <summary>What an endpoint answered in place of a result: all that a fault class can be told from.</summary>
/// <param name="Status">The HTTP status; 0 if there is none.</param>
/// <param name="Code">The error's code; null if the body holds no error.</param>
/// <param name="Message">The error's message.</param>
/// <param name="Data">The error's data as text.</param>
/// <param name="Method">The method that was called.</param>
public readonly record struct FaultSignal(int Status, long? Code = null, string? Message = null, string? Data = null, string? Method = null);
