namespace Resilience.Tests.Execution;

/// <summary>The ways through the surface of a pipeline, as far as they differ in the engine.</summary>
internal enum Edge
{
    ValueTask,
    Task,
    Void,
    VoidTask,
    Outcome,
    OutcomeCallback,
    Synchronous,
    SynchronousVoid,
    SynchronousOutcome,
    SynchronousOutcomeCallback,
}
