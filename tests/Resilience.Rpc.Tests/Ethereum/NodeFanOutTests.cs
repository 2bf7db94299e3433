using System.Text;

namespace Resilience.Rpc.Tests.Ethereum;

/// <summary>Fan-outs over real nodes.</summary>
public sealed class NodeFanOutTests(EthereumNodes nodes) : IClassFixture<EthereumNodes>
{
    [Fact]
    public async Task WhenNodesMinedAlike_TheyAgree()
    {
        using var result = await AskAsync(FanOutMode.Quorum(3), Block("0x1"));
        Assert.Equal(FanOutStatus.Agreed, result.Status);
        Assert.Contains("\"0x5f5e1000\"", Encoding.UTF8.GetString(result.Value.Result.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenOneMinedAtAnotherTime_TheOthersAgreeWithoutIt_AndAllThreeDoNot()
    {
        await nodes.Ganache[0].MineAsync(EthereumNodes.Time + 60);
        await nodes.Ganache[1].MineAsync(EthereumNodes.Time + 61);
        await nodes.Ganache[2].MineAsync(EthereumNodes.Time + 60);
        using var two = await AskAsync(FanOutMode.Quorum(2), Block("0x2"));
        using var three = await AskAsync(FanOutMode.Quorum(3), Block("0x2"));
        Assert.Equal((FanOutStatus.Agreed, FanOutStatus.Dispute), (two.Status, three.Status));
        Assert.NotEqual(1, two.Winner);
    }

    [Fact]
    public async Task WhenOneStalls_TheOthersDecide_AndItIsNotWaitedFor()
    {
        await using var stalled = await EthereumNode.GanacheAsync();
        await stalled.MineAsync(EthereumNodes.Time);
        await stalled.StallAsync();
        using var result = await AskAsync(FanOutMode.Quorum(2), Block("0x1"), stalled, nodes.Ganache[0], nodes.Ganache[1]);
        Assert.Equal(FanOutStatus.Agreed, result.Status);
        Assert.Equal(FaultClass.LostRace, result[0].Fault);
    }

    [Fact]
    public async Task WhenOneIsKilled_ItIsNetwork_AndTheOthersDecide()
    {
        await using var killed = await EthereumNode.GanacheAsync();
        await killed.KillAsync();
        using var all = await AskAsync(FanOutMode.All, Block("0x1"), killed, nodes.Ganache[0], nodes.Ganache[1]);
        using var result = await AskAsync(FanOutMode.Quorum(2), Block("0x1"), killed, nodes.Ganache[0], nodes.Ganache[1]);
        Assert.Equal((FaultClass.Network, FaultClass.None), (all[0].Fault, all[1].Fault));
        Assert.Equal(FanOutStatus.Agreed, result.Status);
    }

    [Fact]
    public async Task WhenACallReverts_TheNodesAgreeOnThat_WhateverEachSays()
    {
        var call = new JsonRpcRequest("eth_call", Encoding.UTF8.GetBytes("""[{"data":"0x60006000fd"},"latest"]"""));
        using var result = await AskAsync(FanOutMode.Quorum(3), call, nodes.Ganache[0], nodes.Ganache[1], nodes.Hardhat);
        Assert.Equal((FanOutStatus.Agreed, FaultClass.Revert), (result.Status, result.Value.Fault));
    }

    [Fact]
    public async Task WhenNobodyKnowsTheMethod_NobodyVotes()
    {
        using var result = await AskAsync(FanOutMode.Quorum(2), JsonRpcRequest.Of("eth_foo"), nodes.Ganache[0], nodes.Ganache[1], nodes.Hardhat);
        Assert.Equal(FanOutStatus.LowParticipants, result.Status);
        Assert.All(Enumerable.Range(0, 3).Select(i => result[i].Fault), fault => Assert.True(fault is FaultClass.Unsupported or FaultClass.LostRace or FaultClass.NotStarted));
    }

    [Fact]
    public async Task WhenAThousandTransactionsAreAskedFor_TheNodesAgreeOnEach()
    {
        var fanOut = Make(FanOutMode.Quorum(2), [.. nodes.Ganache]);
        await Parallel.ForAsync(0, 1_000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            using var result = await fanOut.ExecuteAsync(
                static (client, request, token) => client.CallAsync(request, token), JsonRpcRequest.Of("eth_getTransactionByHash", $"0x{i:x64}"));
            Assert.Equal((FanOutStatus.Agreed, true), (result.Status, result.Value.IsNull));
        });
    }

    private static JsonRpcRequest Block(string number) => new("eth_getBlockByNumber", Encoding.UTF8.GetBytes($"[\"{number}\",false]"));

    private static FanOut<JsonRpcClient, JsonRpcReply> Make(FanOutMode mode, EthereumNode[] nodes) => new(
        new EndpointSet<JsonRpcClient>(nodes.Select((node, i) => new EndpointOptions<JsonRpcClient> { Name = $"node {i}", Target = node.Client })),
        new FanOutOptions<JsonRpcReply>
        {
            Mode = mode,
            Deadline = TimeSpan.FromMinutes(2),
            Judge = static outcome => RpcRuling.Of(outcome, RpcMethodTable.Ethereum["eth_getBlockByNumber"]),
        });

    private async Task<FanOutResult<JsonRpcReply>> AskAsync(FanOutMode mode, JsonRpcRequest request, params EthereumNode[] asked) =>
        await Make(mode, asked.Length == 0 ? [.. nodes.Ganache] : asked)
            .ExecuteAsync(static (client, request, token) => client.CallAsync(request, token), request);
}
