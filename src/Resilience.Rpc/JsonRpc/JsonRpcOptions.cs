namespace Resilience.Rpc;

/// <summary>How a client reads answers.</summary>
public sealed record JsonRpcOptions
{
    /// <summary>The most bytes of an answer, after decompression, from 64 to 2⁴⁰; a longer one is <see cref="FaultClass.TooLarge"/>. Default: 64 MiB.</summary>
    public long MaxResponseBytes { get; init; } = 64L << 20;

    /// <summary>The deepest nesting of an answer, from 4 to 1,000. Default: 64.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>The longest token of an answer in bytes, from 64 to 2³⁰. Default: 4 MiB.</summary>
    public int MaxTokenBytes { get; init; } = 4 << 20;

    /// <summary>
    /// The most bytes of an answer that are kept, from 0 to 2³⁰; of a longer one remain its digest, its error and its length. Default: 64 MiB.
    /// </summary>
    public int RetainBytes { get; init; } = 64 << 20;

    /// <summary>
    /// What the digest of a result compares. Null for no digest, which is quicker; duplicate names within results are not seen then.
    /// Default: <see cref="JsonDigest.Whole"/>.
    /// </summary>
    public JsonDigest? Digest { get; init; } = JsonDigest.Whole;

    /// <summary>
    /// Methods whose results are compared in their own way instead of by <see cref="Digest"/>: when called singly, and in a batch whose methods
    /// are all compared in the same way, for the method is not known while a result passes. Null for none. Default: none.
    /// </summary>
    public RpcMethodTable? Methods { get; init; }

    /// <summary>How an error becomes a fault class. Default: <see cref="FaultTable.Default"/>.</summary>
    public FaultTable Faults { get; init; } = FaultTable.Default;

    /// <summary>What is forgiven. Default: nothing.</summary>
    public JsonRpcLeniency Leniency { get; init; }

    internal JsonRpcOptions Validated()
    {
        Limits.Check(nameof(MaxResponseBytes), MaxResponseBytes, 64, 1L << 40);
        Limits.Check(nameof(MaxDepth), MaxDepth, 4, 1_000);
        Limits.Check(nameof(MaxTokenBytes), MaxTokenBytes, 64, 1 << 30);
        Limits.Check(nameof(RetainBytes), RetainBytes, 0, 1 << 30);
        ArgumentNullException.ThrowIfNull(Faults);
        return this;
    }

    internal JsonDigest? DigestOf(string method) =>
        Digest is not null && Methods?[method] is { } declared && declared != RpcMethod.Unknown ? declared.Digest : Digest;

    internal JsonDigest? DigestOf(JsonRpcRequest[] batch)
    {
        var first = DigestOf(batch[0].Method);
        return Methods is null || Array.TrueForAll(batch, request => ReferenceEquals(DigestOf(request.Method), first)) ? first : Digest;
    }

    internal bool Forgives(JsonRpcLeniency leniency) => (Leniency & leniency) != JsonRpcLeniency.None;
}
