namespace Resilience.Tests.Hedging;

/// <summary>What is wrong with a <see cref="SeededCourse"/>.</summary>
internal enum CourseBug
{
    None,
    DecidedWithoutCompareExchange,
    FailureHeldAfterTheCount,
    LateFailureLeftBehind,
    HeldTakenWithoutExchange,
    DecisionNotSeenAfterArming,
    ArmedDelayNotSeenByDecision,
    StartedWithoutReserving,
    CountedBeforeTheNextIsStarted,
    ContinuationLost,
    LoserDoesNotHold,
    CancellationDoesNotHold,
    LeftWithoutInterlockedOperation,
}
