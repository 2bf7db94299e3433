namespace Resilience.Tests.Retry;

/// <summary>What is wrong with a seeded budget.</summary>
public enum BudgetBug
{
    None,
    IgnoresMinimum,
    CountsAHeldPlaceTwice,
    ForgetsToGiveBack,
    GivesBackWhenRefused,
    GrantsOneTooMany,
    NeverLeaks,
    LosesTheRefillOfARefusal,
    GrantsAtHalf,
    FallsBelowZero,
    GrowsBeyondCapacity,
    GivesBackOnFailure,
    IgnoresTimeouts,
}
