namespace Resilience;

/// <summary>Whose a deadline is and what he had allowed, for errors.</summary>
internal readonly record struct DeadlineOrigin(string Owner, TimeSpan Timeout);
