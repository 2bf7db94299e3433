using System.Text;

namespace Resilience.Rpc.Tests.Ethereum;

/// <summary>The client against real nodes.</summary>
public sealed class NodeTests(EthereumNodes nodes) : IClassFixture<EthereumNodes>
{
    // Init code that reverts with the four bytes of Error(string).
    private const string RevertsWithData = "0x6308c379a06000526004601cfd";
    private const string RevertsEmpty = "0x60006000fd";

    [Fact]
    public async Task WhenNodesMinedAlike_TheirBlocksHaveOneDigest() =>
        Assert.Single((await DigestsAsync(Block("0x1"))).Distinct());

    [Fact]
    public async Task WhenOneNodeMinedAtAnotherTime_OnlyItsDigestDiffers()
    {
        await nodes.Ganache[0].MineAsync(EthereumNodes.Time + 60);
        await nodes.Ganache[1].MineAsync(EthereumNodes.Time + 60);
        await nodes.Ganache[2].MineAsync(EthereumNodes.Time + 61);
        var digests = await DigestsAsync(Block("0x2"));
        Assert.Equal(digests[0], digests[1]);
        Assert.NotEqual(digests[0], digests[2]);
        Assert.Single((await DigestsAsync(Block("0x1"))).Distinct());
    }

    [Fact]
    public async Task WhenANodeStalls_TheTokenEndsTheCall_AndItAnswersWhenItGoesOn()
    {
        await using var node = await EthereumNode.GanacheAsync();
        (await node.CallAsync(JsonRpcRequest.Of("eth_chainId"))).Dispose();
        await node.StallAsync();
        using var source = new CancellationTokenSource();
        var call = node.Client.CallAsync(JsonRpcRequest.Of("eth_chainId"), source.Token).AsTask();
        using var other = await nodes.Ganache[0].CallAsync(JsonRpcRequest.Of("eth_chainId"));
        Assert.False(call.IsCompleted);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await node.ContinueAsync();
        using var reply = await node.CallAsync(JsonRpcRequest.Of("eth_chainId"));
        Assert.Equal(other.Digest, reply.Digest);
    }

    [Fact]
    public async Task WhenANodeIsKilled_ItIsNetwork_InTheMiddleOfACallAndAfter()
    {
        await using var node = await EthereumNode.GanacheAsync();
        (await node.CallAsync(JsonRpcRequest.Of("eth_chainId"))).Dispose();
        await node.StallAsync();
        var call = node.Client.CallAsync(JsonRpcRequest.Of("eth_chainId"));
        await node.KillAsync();
        using var during = await call;
        using var after = await node.Client.CallAsync(JsonRpcRequest.Of("eth_chainId"));
        Assert.Equal((FaultClass.Network, FaultClass.Network), (during.Fault, after.Fault));
    }

    [Fact]
    public async Task WhenTheMethodIsUnknown_ItIsUnsupported_WhateverTheCode()
    {
        using var ganache = await nodes.Ganache[0].Client.CallAsync(JsonRpcRequest.Of("eth_foo"));
        using var hardhat = await nodes.Hardhat.Client.CallAsync(JsonRpcRequest.Of("eth_foo"));
        Assert.Equal((FaultClass.Unsupported, -32700L), (ganache.Fault, ganache.Error!.Code));
        Assert.Equal((FaultClass.Unsupported, -32004L), (hardhat.Fault, hardhat.Error!.Code));
    }

    [Fact]
    public async Task WhenACallReverts_EveryNodeVotesByWhatTheContractGave()
    {
        var replies = new List<JsonRpcReply>();
        foreach (var client in nodes.Ganache.Append(nodes.Hardhat).Select(node => node.Client))
        {
            replies.Add(await client.CallAsync(Call(RevertsEmpty)));
        }

        using var withData = await nodes.Ganache[0].Client.CallAsync(Call(RevertsWithData));
        Assert.All(replies.Append(withData), reply => Assert.Equal(FaultClass.Revert, reply.Fault));
        Assert.Equal(("0x", "0x08c379a0"), (replies[0].Error!.RevertData, withData.Error!.RevertData));
        Assert.Single(replies.Select(reply => reply.Digest).Distinct());
        Assert.NotEqual(replies[0].Digest, withData.Digest);
    }

    [Fact]
    public async Task WhenABatchMixesResultsAndErrors_EachRequestGetsItsOwn()
    {
        foreach (var node in nodes.Ganache.Append(nodes.Hardhat))
        {
            using var replies = await node.Client.CallBatchAsync(
                [JsonRpcRequest.Of("eth_chainId"), JsonRpcRequest.Of("eth_foo"), Call(RevertsEmpty), Transaction(1), Balance("0x999")]);
            Assert.Equal(
                [FaultClass.None, FaultClass.Unsupported, FaultClass.Revert, FaultClass.None, FaultClass.MissingData],
                replies.Select(reply => reply.Fault));
            Assert.Equal("\"0x539\"", Encoding.UTF8.GetString(replies[0].Result.Span));
            Assert.Equal((true, 0), (replies[3].IsNull, replies.Strays));
        }
    }

    [Fact]
    public async Task WhenABatchIsLong_EveryAnswerIsThere()
    {
        using var replies = await nodes.Ganache[0].Client.CallBatchAsync([.. Enumerable.Range(1, 1_000).Select(Transaction)]);
        Assert.All(replies, reply => Assert.True(reply.HasResult && reply.IsNull));
    }

    private static JsonRpcRequest Block(string number) => new("eth_getBlockByNumber", Encoding.UTF8.GetBytes($"[\"{number}\",true]"));

    private static JsonRpcRequest Call(string data) => new("eth_call", Encoding.UTF8.GetBytes($"[{{\"data\":\"{data}\"}},\"latest\"]"));

    private static JsonRpcRequest Transaction(int number) => JsonRpcRequest.Of("eth_getTransactionByHash", $"0x{number:x64}");

    private static JsonRpcRequest Balance(string block) => JsonRpcRequest.Of("eth_getBalance", "0x0000000000000000000000000000000000000001", block);

    private async Task<UInt128[]> DigestsAsync(JsonRpcRequest request)
    {
        var replies = await Task.WhenAll(nodes.Ganache.Select(node => node.CallAsync(request)));
        var digests = replies.Select(reply => reply.Digest).ToArray();
        Array.ForEach(replies, reply => reply.Dispose());
        return digests;
    }
}
