namespace Resilience.Tests.Retry;

/// <summary>Something that happened to a budget.</summary>
internal enum BudgetEventKind
{
    Start,
    Failure,
    Grant,
    End,
}
