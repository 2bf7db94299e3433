namespace Resilience.Rpc;

/// <summary>One check of a validation. Immutable.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Outcome">How it came out.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Endpoints">What each endpoint did for it, in a line.</param>
public sealed record RpcCheck(string Name, CheckOutcome Outcome, string Reason, IReadOnlyList<string> Endpoints);
