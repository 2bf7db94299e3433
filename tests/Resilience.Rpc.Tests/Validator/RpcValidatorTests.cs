using System.Text.Json.Nodes;
using Resilience.Rpc.Tests.FanOut;
using Resilience.Testing;

namespace Resilience.Rpc.Tests.Validator;

/// <summary>Validations against nodes that are honest, lie, break or are slow.</summary>
public sealed class RpcValidatorTests
{
    private static RpcSubject Five { get; } = Transaction(5);

    private readonly ManualClock _clock = new();
    private readonly ChainNode[] _nodes = [new(), new(), new()];

    [Fact]
    public async Task WhenTheNodesAgree_EveryCheckPasses()
    {
        await Fresh.Stack();
        using var validator = Make();
        var verdict = await validator.ValidateAsync(Five);
        Assert.True(verdict.IsValid, string.Join('\n', verdict.Checks));
        Assert.Equal(
            ["exists", "included", "receipt", "canonical", "contained", "confirmed", "addresses"], verdict.Checks.Select(check => check.Name));
        Assert.Equal(ChainNode.BlockHash(5), verdict.BlockHash);
        Assert.Contains("at least 1 confirmations", verdict.Checks[5].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenOneLies_TheOthersAreBelieved_AndTheReasonsNameIt()
    {
        await Fresh.Stack();
        foreach (var method in new[] { "eth_getTransactionByHash", "eth_getTransactionReceipt", "eth_getBlockByHash", "eth_getBlockByNumber", "eth_getBalance" })
        {
            _nodes[0].Says(method, static _ => "a lie");
        }

        using var validator = Make();
        var verdict = await validator.ValidateAsync(Five);
        Assert.True(verdict.IsValid, string.Join('\n', verdict.Checks));
        Assert.Contains("n0 differs", verdict.Checks[0].Endpoints);
    }

    [Fact]
    public async Task WhenOneBreaksConnections_TheOthersSuffice()
    {
        await Fresh.Stack();
        _nodes[1].Says("eth_getTransactionByHash", static _ => throw new HttpRequestException("reset"));
        using var validator = Make();
        var verdict = await validator.ValidateAsync(Five);
        Assert.True(verdict.IsValid, string.Join('\n', verdict.Checks));
    }

    [Fact]
    public async Task WhenTheTransactionIsUnknown_ItFails_AndTheRestIsSkipped_AndThatIsKeptShortly()
    {
        await Fresh.Stack();
        Array.ForEach(_nodes, node => node.Says("eth_getTransactionByHash", static _ => null));
        using var validator = Make();
        var verdict = await validator.ValidateAsync(Five);
        Assert.Equal(CheckOutcome.Failed, verdict.Outcome);
        Assert.Equal(CheckOutcome.Failed, verdict.Checks[0].Outcome);
        Assert.Equal(5, verdict.Checks.Count(check => check.Outcome == CheckOutcome.Skipped));
        Assert.Null(verdict.BlockHash);
        var asked = Asked("eth_getTransactionByHash");
        await validator.ValidateAsync(Five);
        Assert.Equal(asked, Asked("eth_getTransactionByHash"));
        _clock.Advance(6.Seconds());
        await validator.ValidateAsync(Five);
        Assert.True(Asked("eth_getTransactionByHash") > asked);
    }

    [Fact]
    public async Task WhenAnotherBlockHasTheNumber_TheTransactionIsNotCanonical()
    {
        await Fresh.Stack();
        Array.ForEach(_nodes, node => node.Says("eth_getBlockByNumber", static _ => new JsonObject { ["hash"] = ChainNode.BlockHash(99) }));
        using var validator = Make();
        var verdict = await validator.ValidateAsync(Five);
        Assert.Equal("canonical", Assert.Single(verdict.Checks, check => check.Outcome == CheckOutcome.Failed).Name);
    }

    [Theory]
    [InlineData(8, CheckOutcome.Passed)]
    [InlineData(9, CheckOutcome.Failed)]
    public async Task WhenTooFewBlocksFollow_TheTransactionIsNotConfirmed_WhateverOneClaims(int confirmations, CheckOutcome outcome)
    {
        await Fresh.Stack();
        foreach (var node in _nodes[1..])
        {
            node.Says("eth_getBlockByNumber", static p => Convert.ToInt32(p[0]!.GetValue<string>(), 16) <= 12 ? ChainNode.Block(p) : null);
        }

        using var validator = Make(o => o with { Confirmations = confirmations });
        var verdict = await validator.ValidateAsync(Five);
        Assert.Equal(outcome, verdict.Checks.Single(check => check.Name == "confirmed").Outcome);
    }

    [Fact]
    public async Task WhenEachSaysSomethingElse_NothingIsDecided()
    {
        await Fresh.Stack();
        for (var i = 0; i < _nodes.Length; i++)
        {
            var lie = $"lie {i}";
            _nodes[i].Says("eth_getTransactionByHash", _ => lie);
        }

        using var validator = Make();
        var verdict = await validator.ValidateAsync(Five);
        Assert.Equal(CheckOutcome.Undecided, verdict.Outcome);
        Assert.Contains("Dispute", verdict.Checks[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenValidatedAgain_OnlyWhatMayHaveChangedIsRead()
    {
        await Fresh.Stack();
        using var validator = Make();
        await validator.ValidateAsync(Five);
        var (transactions, blocks, heads) = (Asked("eth_getTransactionByHash"), Asked("eth_getBlockByHash"), Asked("eth_getBlockByNumber"));
        _clock.Advance(TimeSpan.FromMinutes(4));
        await validator.ValidateAsync(Five);
        Assert.Equal((transactions, blocks), (Asked("eth_getTransactionByHash"), Asked("eth_getBlockByHash")));
        Assert.True(Asked("eth_getBlockByNumber") > heads);
        _clock.Advance(TimeSpan.FromMinutes(2));
        await validator.ValidateAsync(Five);
        Assert.True(Asked("eth_getTransactionByHash") > transactions);
        Assert.Equal(blocks, Asked("eth_getBlockByHash"));
    }

    [Fact]
    public async Task WhenManyAskAtTheSameTime_TheNodesAreAskedOnce()
    {
        await Fresh.Stack();
        var gate = new TaskCompletionSource();
        Array.ForEach(_nodes, node => node.Gate = gate);
        using var validator = Make();
        var validations = Enumerable.Range(0, 20).Select(_ => validator.ValidateAsync(Five).AsTask()).ToArray();
        gate.SetResult();
        Assert.All(await Task.WhenAll(validations), verdict => Assert.True(verdict.IsValid));
        Assert.Equal(2, Asked("eth_getTransactionByHash"));
    }

    [Fact]
    public async Task WhenABlockHashIsNotTakenForABalance_ItIsReadByNumber()
    {
        await Fresh.Stack();
        Array.ForEach(_nodes, node => node.Says("eth_getBalance", static p => p[1] is JsonObject
            ? new JsonObject { ["code"] = -32602, ["message"] = "invalid params" }
            : "0x10"));
        using var validator = Make();
        var verdict = await validator.ValidateAsync(Five);
        Assert.True(verdict.IsValid, string.Join('\n', verdict.Checks));
    }

    [Fact]
    public async Task WhenManyAreValidated_EveryVerdictComes_InOrderIfAsked_WithProgress()
    {
        await Fresh.Stack();
        using var validator = Make();
        RpcSubject[] hashes = [.. Enumerable.Range(1, 30).Select(Transaction)];
        var steps = new Steps();
        var ordered = new List<RpcSubject>();
        await foreach (var verdict in validator.ValidateManyAsync(hashes, new RpcBulkOptions { Ordered = true, MaxParallel = 4 }, steps))
        {
            ordered.Add(verdict.Subject);
        }

        Assert.Equal(hashes, ordered);
        Assert.Equal(new RpcProgress(30, 30, 30), steps.Last);
        var completed = new List<RpcSubject>();
        await foreach (var verdict in validator.ValidateManyAsync(hashes))
        {
            completed.Add(verdict.Subject);
        }

        Assert.Equal(hashes.Select(hash => hash.Id).Order(), completed.Select(subject => subject.Id).Order());
        Assert.Equal(30, await validator.WarmUpAsync(hashes));
    }

    [Fact]
    public async Task WhenTheStreamIsLeftEarly_NothingGoesOn()
    {
        await Fresh.Stack();
        using var validator = Make();
        await foreach (var verdict in validator.ValidateManyAsync([.. Enumerable.Range(1, 30).Select(Transaction)]))
        {
            Assert.True(verdict.IsValid);
            break;
        }

        var asked = Asked("eth_getTransactionByHash");
        await Task.Yield();
        Assert.Equal(asked, Asked("eth_getTransactionByHash"));
        using var caller = new CancellationTokenSource();
        caller.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await validator.ValidateAsync(Transaction(1), caller.Token));
    }

    [Fact]
    public void WhenAnInputIsWrong_TheMessageNamesIt()
    {
        using var validator = Make();
        Assert.Contains("hash is '0x1'", Assert.Throws<ArgumentException>(() => RpcSubject.Transaction("0x1")).Message, StringComparison.Ordinal);
        Assert.Contains("hash is '0x'", Assert.Throws<ArgumentException>(() => RpcSubject.Block("0x")).Message, StringComparison.Ordinal);
        Assert.Contains("address is '1x", Assert.Throws<ArgumentException>(() => RpcSubject.Address($"1x{0:x40}")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => RpcSubject.Block(-1));
        Assert.Contains("MaxBatch is 0", Assert.Throws<ArgumentException>(() => validator.ValidateManyAsync([], new RpcBulkOptions { MaxBatch = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("MaxParallel is 0", Assert.Throws<ArgumentException>(() => validator.ValidateManyAsync([], new RpcBulkOptions { MaxParallel = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("HeadLife is 00:00:16", Assert.Throws<ArgumentException>(() => Make(o => o with { HeadLife = 16.Seconds() })).Message, StringComparison.Ordinal);
        Assert.Contains("Confirmations is 0", Assert.Throws<ArgumentException>(() => Make(o => o with { Confirmations = 0 })).Message, StringComparison.Ordinal);
    }

    private static RpcSubject Transaction(int number) => RpcSubject.Transaction(ChainNode.Transaction(number));

    private int Asked(string method) => _nodes.Sum(node => node.Asked(method));

    private RpcValidator Make(Func<RpcValidatorOptions, RpcValidatorOptions>? change = null) => new(
        new EndpointSet<JsonRpcClient>(
            _nodes.Select((node, i) => new EndpointOptions<JsonRpcClient> { Name = $"n{i}", Target = node.Client() }),
            new EndpointSetOptions { Exploration = 0, TimeProvider = _clock }),
        (change ?? (static o => o))(new RpcValidatorOptions { Dispute = DisputePolicy.Error }));

    private sealed class Steps : IProgress<RpcProgress>
    {
        public RpcProgress Last { get; private set; }

        public void Report(RpcProgress value) => Last = value;
    }
}
