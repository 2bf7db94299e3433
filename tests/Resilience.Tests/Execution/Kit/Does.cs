namespace Resilience.Tests.Execution;

/// <summary>What a scripted callback does when it is started.</summary>
internal enum Does
{
    CompleteAtOnce,
    CompleteLater,
    ThrowAtOnce,
    ThrowLater,

    /// <summary>The caller cancels while the callback runs, which completes all the same.</summary>
    CompleteThoughCancelled,

    /// <summary>The caller cancels while the callback runs, which heeds it at once.</summary>
    CancelAtOnce,

    /// <summary>The caller cancels while the callback is pending, which heeds it.</summary>
    CancelLater,
}
