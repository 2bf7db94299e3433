using System.Text.Json.Nodes;
using Resilience.Rpc.Tests.FanOut;
using Resilience.Testing;

namespace Resilience.Rpc.Tests.Validator;

/// <summary>Many subjects, with and without batches.</summary>
public sealed class BulkTests
{
    private readonly ManualClock _clock = new();
    private readonly ChainNode[] _nodes = [new(), new(), new()];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    public async Task WhenCallsArePutTogether_NoBatchIsLarger_AndVerdictsAreTheSame(int most)
    {
        await Fresh.Stack();
        using var validator = Make();
        var verdicts = await Collect(validator, 200, new RpcBulkOptions { MaxParallel = 40, MaxBatch = most });
        Assert.Equal(200, verdicts.Count);
        Assert.All(verdicts, verdict => Assert.True(verdict.IsValid, string.Join('\n', verdict.Checks)));
        Assert.All(_nodes, node => Assert.InRange(node.Load.Most, 0, most));
        var calls = _nodes.Sum(node => Methods.Sum(node.Asked));
        var exchanges = _nodes.Sum(node => node.Load.Exchanges);
        Assert.True(most == 1 ? calls == exchanges : exchanges < calls, $"{calls} calls, {exchanges} exchanges");
    }

    [Fact]
    public async Task WhenAnItemOfABatchFails_OnlyItsSubjectDoes()
    {
        await Fresh.Stack();
        foreach (var node in _nodes)
        {
            var answer = node.AnswerOf("eth_getTransactionReceipt");
            node.Says("eth_getTransactionReceipt", p => p[0]!.GetValue<string>() == ChainNode.Transaction(7)
                ? new JsonObject { ["code"] = -32602, ["message"] = "invalid params" }
                : p[0]!.GetValue<string>() == ChainNode.Transaction(8) ? ChainNode.Dropped : answer(p));
        }

        using var validator = Make();
        var verdicts = await Collect(validator, 20, new RpcBulkOptions { MaxParallel = 20, MaxBatch = 100 });
        Assert.True(_nodes.Max(node => node.Load.Most) > 1);
        Assert.Equal(
            new[] { ChainNode.Transaction(7), ChainNode.Transaction(8) },
            verdicts.Where(verdict => !verdict.IsValid).Select(verdict => verdict.Subject.Id).Order());
    }

    [Fact]
    public async Task WhenAnEndpointTakesNoBatches_ItIsAskedSingly()
    {
        await Fresh.Stack();
        Array.ForEach(_nodes, node => node.RefusesBatches = true);
        using var validator = Make();
        var verdicts = await Collect(validator, 30, new RpcBulkOptions { MaxParallel = 10 });
        Assert.All(verdicts, verdict => Assert.True(verdict.IsValid, string.Join('\n', verdict.Checks)));
    }

    [Fact]
    public async Task WhenSubjectsAreMixed_EachHasItsVerdict_InOrder()
    {
        await Fresh.Stack();
        using var validator = Make();
        RpcSubject[] subjects = [RpcSubject.Transaction(ChainNode.Transaction(3)), RpcSubject.Block(4), RpcSubject.Address($"0x{5:x40}")];
        var verdicts = new List<RpcVerdict>();
        await foreach (var verdict in validator.ValidateManyAsync(subjects, new RpcBulkOptions { Ordered = true }))
        {
            verdicts.Add(verdict);
        }

        Assert.Equal(subjects, verdicts.Select(verdict => verdict.Subject));
        Assert.All(verdicts, verdict => Assert.True(verdict.IsValid, string.Join('\n', verdict.Checks)));
    }

    [Fact]
    public async Task WhenEveryCallerOfABatchHasLeft_TheBatchIsCancelled_AndTheNextGoesOn()
    {
        await Fresh.Stack();
        var node = new ChainNode { Gate = new TaskCompletionSource() };
        var client = node.Client();
        var batcher = new CallBatcher(10);
        using var caller = new CancellationTokenSource();
        var calls = Enumerable.Range(0, 5).Select(i => Call(i, caller.Token)).ToArray();
        while (node.Asked("eth_getBalance") == 0)
        {
            await Task.Yield();
        }

        var later = Call(9, CancellationToken.None);
        await caller.CancelAsync();
        foreach (var call in calls)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        node.Gate.SetResult();
        using var reply = await later;
        Assert.True(reply.HasResult);

        Task<JsonRpcReply> Call(int i, CancellationToken token) =>
            batcher.CallAsync(client, JsonRpcRequest.Of("eth_getBalance", $"{i}"), new LargeBody(), token).AsTask();
    }

    [Fact]
    public async Task WhenAnswersOfABatchAreDisposedOneByOne_TheBytesGoWithTheLast()
    {
        await Fresh.Stack();
        var node = new ChainNode();
        var replies = await node.Client().CallBatchAsync(
            [JsonRpcRequest.Of("eth_getBalance", "1"), JsonRpcRequest.Of("eth_getCode", "1")], sharesBody: true, CancellationToken.None);
        replies[0].Dispose();
        replies[0].Dispose();
        Assert.Equal(4, replies[1].Result.Length);
        replies[1].Dispose();
        Assert.Throws<ObjectDisposedException>(() => replies[1].Result);
    }

    private static string[] Methods { get; } =
    [
        "eth_getTransactionByHash", "eth_getTransactionReceipt", "eth_getBlockByHash", "eth_getBlockByNumber", "eth_getBalance",
    ];

    private static async Task<List<RpcVerdict>> Collect(RpcValidator validator, int count, RpcBulkOptions options)
    {
        var verdicts = new List<RpcVerdict>();
        var subjects = Enumerable.Range(1, count).Select(i => RpcSubject.Transaction(ChainNode.Transaction(i))).ToArray();
        await foreach (var verdict in validator.ValidateManyAsync(subjects, options))
        {
            verdicts.Add(verdict);
        }

        return verdicts;
    }

    private RpcValidator Make() => new(
        new EndpointSet<JsonRpcClient>(
            _nodes.Select((node, i) => new EndpointOptions<JsonRpcClient> { Name = $"n{i}", Target = node.Client() }),
            new EndpointSetOptions { Exploration = 0, TimeProvider = _clock }),
        new RpcValidatorOptions { Dispute = DisputePolicy.Error });
}
