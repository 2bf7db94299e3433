using System.Text;

namespace Resilience.Rpc.Tests.JsonRpc;

/// <summary>Answers that are small to send and dear to read: depth, numbers, names and batches without an end.</summary>
public sealed class JsonRpcBombTests
{
    private static readonly JsonRpcRequest s_call = JsonRpcRequest.Of("m");

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    [InlineData("[{\"a\":")]
    public async Task WhenDepthHasNoEnd_ItIsProtocol_AndTheRestIsNotRead(string opening)
    {
        var body = new StringBuilder("""{"jsonrpc":"2.0","id":1,"result":""");
        for (var i = 0; i < 1_000_000; i++)
        {
            body.Append(opening);
        }

        using var reply = await new Endpoint(body.ToString()).Client().CallAsync(s_call);
        Assert.Equal(FaultClass.Protocol, reply.Fault);
        Assert.Equal(0, reply.HeldBytes);
    }

    [Theory]
    [InlineData("1e999999999999999999", FaultClass.None)]
    [InlineData("-1e-999999999999999999", FaultClass.None)]
    [InlineData("1e9999999999999999999", FaultClass.Protocol)]
    public async Task WhenAnExponentIsABomb_ItIsNotExpanded(string number, FaultClass fault)
    {
        using var reply = await new Endpoint($$"""{"jsonrpc":"2.0","id":1,"result":{{number}}}""").Client().CallAsync(s_call);
        Assert.Equal(fault, reply.Fault);
        Assert.InRange(reply.HeldBytes, 0, 1_024);
    }

    [Fact]
    public async Task WhenANumberHasMillionsOfDigits_ItIsReadOnce_OrIsTooLarge()
    {
        var digits = new string('9', 6 << 20);
        var endpoint = new Endpoint($$"""{"jsonrpc":"2.0","id":1,"result":{{digits}}}""");
        using var refused = await endpoint.Client().CallAsync(s_call);
        Assert.Equal(FaultClass.TooLarge, refused.Fault);
        using var code = await new Endpoint($$$"""{"jsonrpc":"2.0","id":1,"error":{"code":{{{digits[..1_000]}}},"message":"m"}}""").Client().CallAsync(s_call);
        Assert.Equal(FaultClass.Protocol, code.Fault);
    }

    [Fact]
    public async Task WhenAnIdIsABomb_ItIsNoIdOfOurs()
    {
        using var reply = await new Endpoint($$"""{"jsonrpc":"2.0","id":{{new string('1', 100_000)}},"result":1}""").Client().CallAsync(s_call);
        Assert.Equal(FaultClass.Protocol, reply.Fault);
    }

    [Fact]
    public async Task WhenABatchBringsAnswersWithoutAnEnd_TheyAreCounted_AndNotKept()
    {
        var body = $"[{string.Join(',', Enumerable.Range(1, 50_000).Select(i => $$"""{"jsonrpc":"2.0","id":{{i}},"result":{{i}}}"""))}]";
        using var replies = await new Endpoint(body).Client(new JsonRpcOptions { RetainBytes = 0 }).CallBatchAsync([s_call, s_call]);
        Assert.Equal((2, 49_998), (replies.Count, replies.Strays));
        Assert.All(replies, reply => Assert.True(reply.HasResult && !reply.IsRetained));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"\ud800"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"\udc00\ud800"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m","data":{"\ud800":1}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":[["\ud800\ud800"]]}""")]
    public async Task WhenASurrogateIsAlone_ItIsProtocol_WhereverItStands(string body)
    {
        using var reply = await new Endpoint(body).Client().CallAsync(s_call);
        Assert.Equal(FaultClass.Protocol, reply.Fault);
    }
}
