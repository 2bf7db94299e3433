namespace Resilience.Fuzz;

/// <summary>
/// What is fuzzed: takes any bytes and throws if something is wrong. It keeps no state between calls, so an external coverage-guided
/// engine can drive it unchanged.
/// </summary>
/// <param name="input">The bytes.</param>
public delegate void Target(ReadOnlySpan<byte> input);
