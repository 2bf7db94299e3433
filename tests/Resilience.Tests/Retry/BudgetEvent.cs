namespace Resilience.Tests.Retry;

/// <summary>One event: when, of which call, and whether after a timeout (a grant) or with success (an end).</summary>
internal readonly record struct BudgetEvent(BudgetEventKind Kind, long At, int Call, bool Flag);
