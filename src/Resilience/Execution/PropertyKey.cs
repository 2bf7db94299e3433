namespace Resilience;

/// <summary>A typed key of a property of a <see cref="CallContext"/>. Two keys are the same if their names are.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="Name">The name.</param>
public readonly record struct PropertyKey<T>(string Name);
