namespace Resilience;

/// <summary>The result of a call that has none.</summary>
public readonly record struct Unit;
