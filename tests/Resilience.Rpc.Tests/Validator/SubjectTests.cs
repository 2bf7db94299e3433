using System.Text.Json.Nodes;
using Resilience.Rpc.Tests.FanOut;
using Resilience.Testing;

namespace Resilience.Rpc.Tests.Validator;

/// <summary>Blocks and addresses alone, and how long what was read of them is kept.</summary>
public sealed class SubjectTests
{
    private static readonly RpcSubject s_address = RpcSubject.Address($"0x{7:x40}");
    private readonly ManualClock _clock = new();
    private readonly ChainNode[] _nodes = [new(), new(), new()];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenABlockIsAgreedOn_ByHashOrNumber_EveryCheckPasses(bool byHash)
    {
        await Fresh.Stack();
        using var validator = Make();
        var verdict = await validator.ValidateAsync(byHash ? RpcSubject.Block(ChainNode.BlockHash(5)) : RpcSubject.Block(5));
        Assert.True(verdict.IsValid, string.Join('\n', verdict.Checks));
        Assert.Equal(["exists", "canonical", "linked", "confirmed"], verdict.Checks.Select(check => check.Name));
        Assert.Equal((ChainNode.BlockHash(5), true), (verdict.BlockHash, verdict.IsFinal));
    }

    [Fact]
    public async Task WhenABlockHasTooFewAfterIt_ItIsNotFinal_AndReadAgainByNumberSoon()
    {
        await Fresh.Stack();
        Head(12);
        using var validator = Make();
        Assert.False((await validator.ValidateAsync(RpcSubject.Block(5))).IsFinal);
        var (byNumber, byHash) = (Asked("eth_getBlockByNumber"), Asked("eth_getBlockByHash"));
        _clock.Advance(16.Seconds());
        Assert.True((await validator.ValidateAsync(RpcSubject.Block(5))).IsValid);
        Assert.True(Asked("eth_getBlockByNumber") > byNumber);
        Assert.Equal(byHash, Asked("eth_getBlockByHash"));
    }

    [Fact]
    public async Task WhenABlockIsFinal_ItIsKeptForADay()
    {
        await Fresh.Stack();
        using var validator = Make();
        await validator.ValidateAsync(RpcSubject.Block(5));
        _clock.Advance(TimeSpan.FromHours(23));
        var asked = _nodes[0].Asked("eth_getBlockByNumber") + _nodes[1].Asked("eth_getBlockByNumber");
        await validator.ValidateAsync(RpcSubject.Block(5));

        // Only the two that show how far the chain has come.
        Assert.InRange(Asked("eth_getBlockByNumber") - asked, 1, 6);
        Assert.Equal(2, Asked("eth_getBlockByHash"));
        _clock.Advance(TimeSpan.FromHours(2));
        await validator.ValidateAsync(RpcSubject.Block(5));
        Assert.True(Asked("eth_getBlockByHash") > 2);
    }

    [Fact]
    public async Task WhenAnotherBlockHasTheNumber_TheBlockIsNotCanonical()
    {
        await Fresh.Stack();
        Array.ForEach(_nodes, node => node.Says("eth_getBlockByHash", static _ => ChainNode.Block(["0x6"])));
        using var validator = Make();
        var verdict = await validator.ValidateAsync(RpcSubject.Block(5));
        Assert.Equal("canonical", Assert.Single(verdict.Checks, check => check.Outcome == CheckOutcome.Failed).Name);
    }

    [Fact]
    public async Task WhenTheParentIsAnother_TheBlockIsNotLinked_ButTheFirstHasNone()
    {
        await Fresh.Stack();
        foreach (var node in _nodes)
        {
            node.Says("eth_getBlockByNumber", static p =>
            {
                var block = ChainNode.Block(p);
                block["parentHash"] = ChainNode.BlockHash(99);
                return block;
            });
        }

        using var validator = Make();
        var verdict = await validator.ValidateAsync(RpcSubject.Block(5));
        Assert.Equal("linked", Assert.Single(verdict.Checks, check => check.Outcome == CheckOutcome.Failed).Name);
        Assert.Equal(CheckOutcome.Passed, (await validator.ValidateAsync(RpcSubject.Block(0))).Checks[2].Outcome);
    }

    [Fact]
    public async Task WhenABlockIsUnknown_ItFails_AndTheRestIsSkipped()
    {
        await Fresh.Stack();
        Head(4);
        using var validator = Make();
        var verdict = await validator.ValidateAsync(RpcSubject.Block(5));
        Assert.Equal(CheckOutcome.Failed, verdict.Outcome);
        Assert.Equal(3, verdict.Checks.Count(check => check.Outcome == CheckOutcome.Skipped));
        Assert.Equal("block 0x5", $"{verdict.Subject}");
    }

    [Fact]
    public async Task WhenAnAddressIsAgreedOn_ItIsPinnedToOneBlock_AndKeptFor15Minutes()
    {
        await Fresh.Stack();
        using var validator = Make();
        var verdict = await validator.ValidateAsync(s_address);
        Assert.True(verdict.IsValid, string.Join('\n', verdict.Checks));
        Assert.Equal(["pinned", "balance", "nonce", "code"], verdict.Checks.Select(check => check.Name));
        Assert.Equal(ChainNode.BlockHash(100), verdict.BlockHash);
        Head(200);
        var asked = Asked("eth_getBalance");
        _clock.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal(ChainNode.BlockHash(100), (await validator.ValidateAsync(s_address)).BlockHash);
        Assert.Equal(asked, Asked("eth_getBalance"));
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(ChainNode.BlockHash(200), (await validator.ValidateAsync(s_address)).BlockHash);
        Assert.True(Asked("eth_getBalance") > asked);
    }

    [Theory]
    [InlineData(90, 95, 100, 95)]
    [InlineData(90, 95, 1_000_000, 95)]
    [InlineData(0, 95, 100, 95)]
    [InlineData(95, 95, 3, 95)]
    public async Task WhenHeadsDiffer_TheHighestThatAMajorityHasReachedIsPinned(int first, int second, int third, int pinned)
    {
        await Fresh.Stack();
        foreach (var (node, head) in _nodes.Zip([first, second, third]))
        {
            node.Says("eth_blockNumber", _ => $"0x{head:x}");
        }

        using var validator = Make();
        Assert.Equal(ChainNode.BlockHash(pinned), (await validator.ValidateAsync(s_address)).BlockHash);
    }

    [Fact]
    public async Task WhenConfirmationsAreAskedFor_TheAddressIsReadSoManyBlocksBack()
    {
        await Fresh.Stack();
        using var validator = Make(o => o with { Confirmations = 11 });
        Assert.Equal(ChainNode.BlockHash(90), (await validator.ValidateAsync(s_address)).BlockHash);
    }

    [Fact]
    public async Task WhenBalancesDiffer_TheAddressIsUndecided_AndWhenOneLiesItIsNot()
    {
        await Fresh.Stack();
        _nodes[0].Says("eth_getBalance", static _ => "0x11");
        using (var validator = Make())
        {
            Assert.True((await validator.ValidateAsync(s_address)).IsValid);
        }

        _nodes[1].Says("eth_getBalance", static _ => "0x12");
        using (var validator = Make())
        {
            var verdict = await validator.ValidateAsync(s_address);
            Assert.Equal("balance", Assert.Single(verdict.Checks, check => check.Outcome == CheckOutcome.Undecided).Name);
        }
    }

    [Fact]
    public async Task WhenNoHeadIsKnown_NothingIsPinned()
    {
        await Fresh.Stack();
        Array.ForEach(_nodes, node => node.Says("eth_blockNumber", static _ => null));
        using var validator = Make();
        var verdict = await validator.ValidateAsync(s_address);
        Assert.Equal((CheckOutcome.Undecided, null), (verdict.Outcome, verdict.BlockHash));
        Assert.Equal(3, verdict.Checks.Count(check => check.Outcome == CheckOutcome.Skipped));
    }

    private void Head(int number)
    {
        foreach (var node in _nodes)
        {
            node.Says("eth_blockNumber", _ => $"0x{number:x}")
                .Says("eth_getBlockByNumber", p => Convert.ToInt32(p[0]!.GetValue<string>(), 16) <= number ? ChainNode.Block(p) : null);
        }
    }

    private int Asked(string method) => _nodes.Sum(node => node.Asked(method));

    private RpcValidator Make(Func<RpcValidatorOptions, RpcValidatorOptions>? change = null) => new(
        new EndpointSet<JsonRpcClient>(
            _nodes.Select((node, i) => new EndpointOptions<JsonRpcClient> { Name = $"n{i}", Target = node.Client() }),
            new EndpointSetOptions { Exploration = 0, TimeProvider = _clock }),
        (change ?? (static o => o))(new RpcValidatorOptions { Dispute = DisputePolicy.Error }));
}
