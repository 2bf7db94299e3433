namespace Resilience.Tests.Execution;

/// <summary>What a scripted strategy does when a call asks to enter, or when its wait on the way in is over.</summary>
internal enum In
{
    Go,
    Refuse,
    Fail,
    FinishWithResult,
    Throw,

    /// <summary>Waits for a signal that is there already.</summary>
    WaitForNothing,

    /// <summary>Waits for a signal that comes later.</summary>
    WaitForSignal,

    /// <summary>Waits for a signal that fails later.</summary>
    WaitForFailure,

    /// <summary>Waits for a signal that comes after the caller has cancelled.</summary>
    WaitForCancellation,
    WaitForTime,
}
