namespace Resilience.Tests.Execution;

/// <summary>What a scripted strategy does when an outcome passes it, or when its wait on the way out is over.</summary>
internal enum Out
{
    Continue,
    Fail,
    ReplaceByResult,
    Again,
    AgainLater,
    Throw,

    /// <inheritdoc cref="In.WaitForNothing"/>
    WaitForNothing,

    /// <inheritdoc cref="In.WaitForSignal"/>
    WaitForSignal,

    /// <inheritdoc cref="In.WaitForFailure"/>
    WaitForFailure,

    /// <inheritdoc cref="In.WaitForCancellation"/>
    WaitForCancellation,
    WaitForTime,
}
