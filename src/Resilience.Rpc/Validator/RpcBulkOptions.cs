namespace Resilience.Rpc;

/// <summary>How many transactions are validated at once, and in which order verdicts come. Immutable.</summary>
public sealed record RpcBulkOptions
{
    /// <summary>How many at once, from 1 to 1,024. Default: 16.</summary>
    public int MaxParallel { get; init; } = 16;

    /// <summary>Verdicts come in the order of the transactions; otherwise as they are completed. Default: false.</summary>
    public bool Ordered { get; init; }

    internal void Validate() => OptionCheck.Range(MaxParallel, 1, 1_024, nameof(MaxParallel));
}
