namespace Resilience.Rpc;

/// <summary>Where a value stands among the paths.</summary>
/// <param name="Paths">The paths that lead on from it.</param>
/// <param name="Roles">What those that end at it say.</param>
/// <param name="IsProjected">Whether it lies at or below a projected path.</param>
/// <param name="Counts">Whether it is compared.</param>
internal readonly record struct DigestPlace(ulong Paths, PathRoles Roles, bool IsProjected, bool Counts);
