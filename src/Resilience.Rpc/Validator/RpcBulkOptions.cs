namespace Resilience.Rpc;

/// <summary>How many subjects are validated at once, in which order verdicts come, and how calls are put together. Immutable.</summary>
public sealed record RpcBulkOptions
{
    /// <summary>How many at once, from 1 to 1,024. Default: 16.</summary>
    public int MaxParallel { get; init; } = 16;

    /// <summary>
    /// The most calls to one endpoint in one HTTP exchange, from 1, for no batches, to 1,000. What is asked while a batch is under way goes with the
    /// next. Default: 32.
    /// </summary>
    public int MaxBatch { get; init; } = 32;

    /// <summary>Verdicts come in the order of the subjects; otherwise as they are completed. Default: false.</summary>
    public bool Ordered { get; init; }

    internal void Validate()
    {
        OptionCheck.Range(MaxParallel, 1, 1_024, nameof(MaxParallel));
        OptionCheck.Range(MaxBatch, 1, 1_000, nameof(MaxBatch));
    }
}
