namespace Resilience.Rpc;

/// <summary>A dispute policy whose leader has been found among the endpoints.</summary>
/// <param name="Kind">How a dispute is settled.</param>
/// <param name="Leader">Whose answer settles it, where one endpoint's does.</param>
internal readonly record struct DisputeRule(DisputeKind Kind, int Leader);
