namespace Resilience.Rpc.Tests.JsonRpc;

/// <summary>Replies as votes of a fan-out.</summary>
public sealed class RpcRulingTests
{
    private const string Reverted = """{"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"execution reverted: no","data":"0x08C379A0"}}""";
    private const string RevertedToo = """{"jsonrpc":"2.0","id":1,"error":{"code":-32015,"message":"VM execution error.","data":"Reverted 0x08c379a0"}}""";
    private const string Known = """{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"already known"}}""";
    private const string Busy = """{"jsonrpc":"2.0","id":1,"error":{"code":-32005,"message":"project ID request rate exceeded"}}""";
    private const string Null = """{"jsonrpc":"2.0","id":1,"result":null}""";
    private const string One = """{"jsonrpc":"2.0","id":1,"result":{"a":1,"b":[2]}}""";
    private const string OneToo = """{"id":1,"result":{"b":[2e0], "a":1.0},"jsonrpc":"2.0"}""";
    private const string Two = """{"jsonrpc":"2.0","id":1,"result":2}""";

    [Theory]
    [InlineData(FanOutStatus.Agreed, FaultClass.None, One, OneToo, Two)]
    [InlineData(FanOutStatus.Agreed, FaultClass.None, One, Busy, OneToo)]
    [InlineData(FanOutStatus.Agreed, FaultClass.Revert, Reverted, Two, RevertedToo)]
    [InlineData(FanOutStatus.Agreed, FaultClass.None, Null, Null, Two)]
    public async Task WhenTwoOfThreeSayTheSame_TheyAgree(FanOutStatus status, FaultClass fault, params string[] bodies)
    {
        using var result = await AskAsync(FanOutMode.Quorum(2), RpcMethodTable.Ethereum["eth_getTransactionByHash"], bodies);
        Assert.Equal((status, fault), (result.Status, result.Value.Fault));
    }

    [Theory]
    [InlineData(FanOutStatus.Dispute, One, Two, Reverted)]
    [InlineData(FanOutStatus.LowParticipants, Busy, Busy, Two)]
    [InlineData(FanOutStatus.LowParticipants, Null, Null, Two)]
    public async Task WhenTheyDoNot_ThereIsNoAnswer(FanOutStatus status, params string[] bodies)
    {
        using var result = await AskAsync(FanOutMode.Quorum(2), RpcMethodTable.Ethereum["eth_getBalance"], bodies);
        Assert.Equal((status, false), (result.Status, result.HasValue));
    }

    [Fact]
    public async Task WhenTheTransactionIsThereAlready_ThatIsTheAnswer()
    {
        using var result = await AskAsync(FanOutMode.Sequential, new RpcMethod { IsSafe = true }, Busy, Known);
        Assert.Equal((FanOutStatus.Answered, 1, true), (result.Status, result.Winner, result.Value.IsAlreadyKnown));
    }

    private static async Task<FanOutResult<JsonRpcReply>> AskAsync(FanOutMode mode, RpcMethod method, params string[] bodies)
    {
        var endpoints = bodies.Select((body, i) => new EndpointOptions<JsonRpcClient> { Name = $"node {i}", Rank = i, Target = new Endpoint(body).Client() });
        var fanOut = new FanOut<JsonRpcClient, JsonRpcReply>(
            new EndpointSet<JsonRpcClient>(endpoints),
            new FanOutOptions<JsonRpcReply> { Mode = mode, Deadline = TimeSpan.FromMinutes(2), Judge = outcome => RpcRuling.Of(outcome, method) });
        return await fanOut.ExecuteAsync(static (client, token) => client.CallAsync(JsonRpcRequest.Of("m"), token));
    }
}
