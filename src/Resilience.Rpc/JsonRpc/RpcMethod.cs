namespace Resilience.Rpc;

/// <summary>What is known of a method: whether it may go to several endpoints, and how their answers compare. Immutable.</summary>
public sealed record RpcMethod
{
    /// <summary>What holds for a method of which nothing is known: it goes to one endpoint, once.</summary>
    public static RpcMethod Unknown { get; } = new();

    /// <summary>Whether it changes nothing, or the same when sent twice: only then it may go to several endpoints or again to one. Default: false.</summary>
    public bool IsSafe { get; init; }

    /// <summary>Whether null is an answer that votes; else it says that the endpoint does not have the data. Default: false.</summary>
    public bool NullVotes { get; init; }

    /// <summary>Whether the answer changes with every block, so that a quorum is asked at a block that is named. Default: false.</summary>
    public bool DependsOnHead { get; init; }

    /// <summary>What is compared. Default: everything.</summary>
    public JsonDigest Digest { get; init; } = JsonDigest.Whole;
}
