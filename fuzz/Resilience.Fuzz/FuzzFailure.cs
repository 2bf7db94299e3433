namespace Resilience.Fuzz;

/// <summary>A target disagreed with its oracle. The text up to the first colon says how, and names the failure while it is minimised.</summary>
/// <param name="message">What differs.</param>
public sealed class FuzzFailure(string message) : Exception(message);
