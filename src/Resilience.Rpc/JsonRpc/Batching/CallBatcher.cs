using System.Collections.Concurrent;

namespace Resilience.Rpc;

/// <summary>
/// Puts calls that are made at about the same time into batches: a lane for each endpoint and way of comparing, so that a result has the
/// digest that it would have had alone. Safe for concurrent use.
/// </summary>
/// <param name="mostCalls">The most calls of a batch; 1 for no batches.</param>
internal sealed class CallBatcher(int mostCalls)
{
    private readonly ConcurrentDictionary<(JsonRpcClient Client, JsonDigest Digest), BatchLane> _lanes = new();

    /// <summary>Calls one method, perhaps in a batch with others.</summary>
    /// <param name="client">The endpoint.</param>
    /// <param name="request">The call.</param>
    /// <param name="large">The right to keep one large answer, for a call that goes alone.</param>
    /// <param name="cancellationToken">The caller's. A batch all of whose callers have left is cancelled.</param>
    internal ValueTask<JsonRpcReply> CallAsync(
        JsonRpcClient client, JsonRpcRequest request, LargeBody large, CancellationToken cancellationToken)
    {
        if (mostCalls == 1)
        {
            return client.CallAsync(request, large, cancellationToken);
        }

        var digest = client.Options.DigestOf(request.Method) ?? JsonDigest.Whole;
        return _lanes.GetOrAdd((client, digest), static (key, most) => new BatchLane(key.Client, most), mostCalls)
            .CallAsync(request, large, cancellationToken);
    }
}
