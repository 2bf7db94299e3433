namespace Resilience.Tests.Execution;

/// <summary>An outcome in the model: its text and its verdict.</summary>
internal sealed record ModelOutcome(string Text, string Verdict);
