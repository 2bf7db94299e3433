using System.Text;

namespace Resilience.Rpc;

/// <summary>
/// How far the chain is: the number that a majority gives or, as nodes are seldom at the same block, the highest that a majority has reached.
/// Fewer liars than a majority cannot raise it above what an honest endpoint has.
/// </summary>
internal sealed class HeadReader(EndpointSet<JsonRpcClient> endpoints, TimeSpan deadline)
{
    private static readonly JsonRpcRequest s_request = JsonRpcRequest.Of("eth_blockNumber");

    private readonly FanOut<JsonRpcClient, JsonRpcReply> _numbers = new(endpoints, new FanOutOptions<JsonRpcReply>
    {
        Mode = FanOutMode.Majority,
        Deadline = deadline,
        Judge = static outcome => outcome.ResultOrDefault is { } reply && NumberIn(reply) is { } number ? Ruling.Vote((ulong)number)
            : Ruling.FromReply(outcome) is { Fault: not FaultClass.None } ruling ? Ruling.Failure(ruling.Fault)
            : Ruling.Reject,
    });

    /// <summary>The number, null if there is none, and what the endpoints did.</summary>
    internal async ValueTask<(long? Number, FanOutStatus Status, string[] Reasons)> ReadAsync(CallBatcher batches, CancellationToken token)
    {
        using var result = await _numbers.ExecuteAsync(
            static (client, state, token) => state.batches.CallAsync(client, s_request, state.large, token),
            (batches, large: new LargeBody()),
            token).ConfigureAwait(false);
        var numbers = new List<long>(result.Count);
        for (var i = 0; i < result.Count; i++)
        {
            if (result[i].Value is { } reply && NumberIn(reply) is { } number)
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        var majority = (result.Count / 2) + 1;
        var reached = result.Status == FanOutStatus.Agreed ? NumberIn(result.Value) : numbers.Count >= majority ? numbers[^majority] : (long?)null;
        return (reached, result.Status, RpcReader.ReasonsOf(result));
    }

    private static long? NumberIn(JsonRpcReply reply) =>
        reply is { HasResult: true, IsRetained: true, IsNull: false } ? RpcReader.NumberOf(Encoding.UTF8.GetString(reply.Result.Span).Trim('"')) : null;
}
