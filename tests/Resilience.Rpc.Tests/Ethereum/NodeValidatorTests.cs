using System.Text;
using System.Text.Json;

namespace Resilience.Rpc.Tests.Ethereum;

/// <summary>Validations against real nodes: agreement, a true dissenter, a true stall, a killed node, and many at once.</summary>
public sealed class NodeValidatorTests(EthereumNodes nodes) : IClassFixture<EthereumNodes>
{
    private const string Sender = "0x90f8bf6a479f320ead074411a4b0e7944ea8c9c1";
    private const string Receiver = "0xffcf8fdee72ac11b5c542428b35eef5769c409f0";
    private const int Many = 1_000;

    [Fact]
    public async Task WhenNodesMinedAlike_ATransactionItsBlockAndItsAddressesAreValid()
    {
        await using var third = await EthereumNode.GanacheAsync();
        EthereumNode[] asked = [await MinedAsync(), await MinedAsync(), third];
        try
        {
            await MineAsync(third, EthereumNodes.Time);
            var transaction = await HashAsync(third);
            using var validator = Make(asked);
            await AllPassAsync(validator, RpcSubject.Transaction(transaction));
            await AllPassAsync(validator, RpcSubject.Block(1));
            await AllPassAsync(validator, RpcSubject.Block(await BlockHashAsync(third)));
            await AllPassAsync(validator, RpcSubject.Address(Receiver));
        }
        finally
        {
            await asked[0].DisposeAsync();
            await asked[1].DisposeAsync();
        }
    }

    [Fact]
    public async Task WhenOneMinedAtAnotherTime_StalledOrDied_TheOthersDecide_AndTheReasonsNameIt()
    {
        await using var first = await MinedAsync();
        await using var second = await MinedAsync();
        await using var third = await MinedAsync(EthereumNodes.Time + 1);
        var transaction = RpcSubject.Transaction(await HashAsync(first));
        using (var validator = Make(third, first, second))
        {
            var verdict = await AllPassAsync(validator, transaction);
            Assert.Contains("node 0 differs", verdict.Checks.SelectMany(check => check.Endpoints));
        }

        await third.StallAsync();
        using (var validator = Make(third, first, second))
        {
            await AllPassAsync(validator, transaction);
            await AllPassAsync(validator, RpcSubject.Block(1));
            await AllPassAsync(validator, RpcSubject.Address(Sender));
        }

        await third.KillAsync();
        using (var validator = Make(third, first, second))
        {
            var verdict = await AllPassAsync(validator, transaction);
            Assert.DoesNotContain("node 0 agrees", string.Join('\n', verdict.Checks.SelectMany(check => check.Endpoints)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WhenNodesDisagreeInEverything_NothingIsDecided()
    {
        await using var first = await MinedAsync(EthereumNodes.Time + 2);
        await using var second = await MinedAsync(EthereumNodes.Time + 3);
        await using var third = await MinedAsync(EthereumNodes.Time + 4);
        using var validator = Make(first, second, third);
        var verdict = await validator.ValidateAsync(RpcSubject.Block(1));
        Assert.Equal(CheckOutcome.Undecided, verdict.Outcome);
        Assert.Contains("Dispute", verdict.Checks[0].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(64, false)]
    public async Task WhenAThousandAreValidated_WithAndWithoutBatches_EveryVerdictComes(int batch, bool ordered)
    {
        using var validator = Make([.. nodes.Ganache]);
        RpcSubject[] subjects = [.. Enumerable.Range(0, Many).Select(i => RpcSubject.Transaction($"0x{i:x64}"))];
        var steps = new Steps();
        var verdicts = new List<RpcVerdict>(Many);
        var options = new RpcBulkOptions { MaxParallel = 32, MaxBatch = batch, Ordered = ordered };
        await foreach (var verdict in validator.ValidateManyAsync(subjects, options, steps))
        {
            verdicts.Add(verdict);
        }

        // No node knows them, and all say so: that is an answer.
        Assert.All(verdicts, verdict => Assert.Equal(CheckOutcome.Failed, verdict.Checks[0].Outcome));
        Assert.Equal(subjects.Select(subject => subject.Id), ordered ? verdicts.Select(v => v.Subject.Id) : verdicts.Select(v => v.Subject.Id).Order());
        Assert.Equal([.. Enumerable.Range(1, Many)], steps.Done);
    }

    private static RpcValidator Make(params EthereumNode[] asked) => new(
        new EndpointSet<JsonRpcClient>(
            asked.Select((node, i) => new EndpointOptions<JsonRpcClient> { Name = $"node {i}", Target = node.Client, MaxConcurrency = 1_000 }),
            new EndpointSetOptions { Exploration = 0, SitOut = TimeSpan.Zero }),
        new RpcValidatorOptions { Deadline = TimeSpan.FromMinutes(2) });

    private static async Task<RpcVerdict> AllPassAsync(RpcValidator validator, RpcSubject subject)
    {
        var verdict = await validator.ValidateAsync(subject);
        Assert.True(verdict.IsValid, $"{subject}\n{string.Join('\n', verdict.Checks.Select(check => $"{check} {string.Join(", ", check.Endpoints)}"))}");
        return verdict;
    }

    private static async Task<EthereumNode> MinedAsync(long time = EthereumNodes.Time)
    {
        var node = await EthereumNode.GanacheAsync();
        await MineAsync(node, time);
        return node;
    }

    // A transfer in block 1, whose moment is given, so that nodes mine the same block.
    private static async Task MineAsync(EthereumNode node, long time)
    {
        (await node.CallAsync(new JsonRpcRequest("miner_stop", "[]"u8.ToArray()))).Dispose();
        (await node.CallAsync(new JsonRpcRequest("eth_sendTransaction", Encoding.UTF8.GetBytes(
            $$"""[{"from":"{{Sender}}","to":"{{Receiver}}","value":"0x10","gas":"0x5208","gasPrice":"0x77359400"}]""")))).Dispose();
        await node.MineAsync(time);
    }

    private static async Task<string> HashAsync(EthereumNode node)
    {
        using var reply = await node.CallAsync(RpcReader.Block("eth_getBlockByNumber", "0x1"));
        return JsonDocument.Parse(reply.Result).RootElement.GetProperty("transactions")[0].GetString()!;
    }

    private static async Task<string> BlockHashAsync(EthereumNode node)
    {
        using var reply = await node.CallAsync(RpcReader.Block("eth_getBlockByNumber", "0x1"));
        return JsonDocument.Parse(reply.Result).RootElement.GetProperty("hash").GetString()!;
    }

    private sealed class Steps : IProgress<RpcProgress>
    {
        public List<int> Done { get; } = [];

        public void Report(RpcProgress value) => Done.Add(value.Done);
    }
}
