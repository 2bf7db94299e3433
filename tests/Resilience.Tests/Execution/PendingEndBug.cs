namespace Resilience.Tests.Execution;

/// <summary>What is wrong with a <see cref="SeededPendingEnd"/>.</summary>
internal enum PendingEndBug
{
    None,
    MovedWithoutCompareExchange,
    EndWhileMovingLost,
    HandedOverAfterTheMove,
    NotAskedWhileSubscribing,
    SubscriberDoesNotLook,
    SubscribedWithoutCompareExchange,
}
