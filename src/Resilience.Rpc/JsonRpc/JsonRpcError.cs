namespace Resilience.Rpc;

/// <summary>The error of an answer.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Message">Its message, cut after 1,024 bytes.</param>
/// <param name="RevertData">What a contract gave when it reverted, in lower-case hexadecimal with 0x; null if there is none.</param>
public sealed record JsonRpcError(long Code, string Message, string? RevertData);
