namespace Resilience;

/// <summary>How a pipeline runs its calls, apart from its strategies.</summary>
public sealed record PipelineSettings
{
    /// <summary>
    /// Gives each attempt a cancellation source of its own instead of a pooled one: for callees that keep their token after the call. Costs
    /// an allocation an attempt with a deadline. Default: false.
    /// </summary>
    public bool OwnCancellationSourcePerAttempt { get; init; }

    /// <summary>
    /// Runs later attempts, hooks and the rest of a suspended call on the caller's <see cref="SynchronizationContext"/>. Default: false.
    /// </summary>
    public bool ContinueOnCapturedContext { get; init; }
}
