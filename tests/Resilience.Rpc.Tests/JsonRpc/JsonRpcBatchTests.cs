using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Resilience.Rpc.Tests.JsonRpc;

public sealed class JsonRpcBatchTests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(1000).WithQuietOnSuccess(true);

    /// <summary>What a server does with the answers of a batch before it sends them: which it sends, how often, and in what order.</summary>
    private static Arbitrary<(int Count, int[] Sent)> Batches =>
        (from count in Gen.Choose(1, 12)
         from length in Gen.Choose(0, 2 * count)
         from sent in Gen.Choose(-2, count + 1).ArrayOf(length)
         from whole in Gen.Choose(0, 2)
         from shuffled in Gen.Shuffle(Enumerable.Range(0, count).ToArray())
         select (count, whole == 0 ? sent : whole == 1 ? shuffled : [.. shuffled, .. sent])).ToArbitrary();

    [Fact]
    public void UnderShufflesDropsAndDuplicates_NoAnswerIsGivenToAnotherRequest() =>
        Check.One(s_config, Prop.ForAll(Batches, batch =>
        {
            var endpoint = new Endpoint(body => Endpoint.Json($"[{string.Join(',', batch.Sent.Select(i => Answer(FirstId(body) + i, i)))}]"));
            using var replies = Call(endpoint, batch.Count);
            var strays = batch.Sent.Count(i => i < 0 || i >= batch.Count);
            return (replies.Count == batch.Count && replies.Strays == strays
                && Enumerable.Range(0, batch.Count).All(i => IsRight(replies[i], i, batch.Sent.Count(sent => sent == i))))
                .Label(string.Join(' ', replies.Select(reply => reply.ToString())));
        }));

    [Fact]
    public void WhenEveryThirdAnswerIsBroken_OnlyItsRequestFails() =>
        Check.One(s_config, Prop.ForAll(Gen.Shuffle(Enumerable.Range(0, 9).ToArray()).ToArbitrary(), order =>
        {
            var endpoint = new Endpoint(body => Endpoint.Json($"[{string.Join(',', order.Select(i =>
                i % 3 != 0 ? Answer(FirstId(body) + i, i)
                : i == 0 ? $"{{\"id\":{FirstId(body)},\"result\":0}}"
                : i == 3 ? $"{{\"jsonrpc\":\"2.0\",\"id\":\"{FirstId(body) + 3}\",\"result\":3}}"
                : $"{{\"jsonrpc\":\"2.0\",\"id\":{FirstId(body) + 6},\"error\":{{\"code\":-32601,\"message\":\"m\"}}}}"))}]"));
            using var replies = Call(endpoint, 9);
            return Enumerable.Range(0, 9).All(i => i % 3 == 0 ? !replies[i].HasResult : IsRight(replies[i], i, 1))
                && replies[6].Fault == FaultClass.Unsupported && replies[0].Fault == FaultClass.Protocol && replies[3].Fault == FaultClass.Protocol;
        }));

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"batch too large"}}""", FaultClass.TooLarge)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":1}""", FaultClass.Protocol)]
    [InlineData("""{"jsonrpc":"2.0","id":null,"result":1}""", FaultClass.Protocol)]
    [InlineData("""[]""", FaultClass.Protocol)]
    [InlineData("""[1]""", FaultClass.Protocol)]
    [InlineData("""[[]]""", FaultClass.Protocol)]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"result":1}""", FaultClass.Protocol)]
    [InlineData("""1""", FaultClass.Protocol)]
    public void WhenTheWholeIsNoBatch_EveryRequestHasThatFault(string body, FaultClass fault)
    {
        using var replies = Call(new Endpoint(body), 3);
        Assert.All(replies, reply => Assert.Equal(fault, reply.Fault));
    }

    [Fact]
    public void WhenTheBatchIsEmpty_ItIsRefused() =>
        Assert.Throws<ArgumentException>(() => Call(new Endpoint("[]"), 0));

    [Fact]
    public void WhenABatchIsDisposed_TheBytesOfAllAreGone()
    {
        var endpoint = new Endpoint(body => Endpoint.Json($"[{Answer(FirstId(body), 0)}]"));
        var replies = Call(endpoint, 1);
        replies[0].Dispose();
        Assert.Equal("\"r0\"", Encoding.UTF8.GetString(replies[0].Result.Span));
        replies.Dispose();
        Assert.Throws<ObjectDisposedException>(() => replies[0].Result);
    }

    [Fact]
    public async Task WhenManyBatchesShareAClient_NoIdIsUsedTwice()
    {
        var endpoint = new Endpoint("[]");
        var client = endpoint.Client();
        for (var i = 0; i < 10; i++)
        {
            (await client.CallBatchAsync([new JsonRpcRequest("a"), new JsonRpcRequest("b")])).Dispose();
        }

        var ids = endpoint.Bodies.SelectMany(body => JsonDocument.Parse(body).RootElement.EnumerateArray().Select(r => r.GetProperty("id").GetInt64()));
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), ids);
    }

    [Theory]
    [InlineData("9007199254740991", 9007199254740991, 0)]
    [InlineData("9007199254740992", 9007199254740991, 1)]
    [InlineData("9007199254740993", 9007199254740991, -1)]
    [InlineData("99999999999999999", 1, -1)]
    [InlineData("01", 1, -1)]
    [InlineData("0", 1, -1)]
    [InlineData("-1", 1, -1)]
    [InlineData("1.0", 1, -1)]
    [InlineData("", 1, -1)]
    public void AnIdIsMatchedAsItIsWritten(string token, long first, long index) =>
        Assert.Equal(index, IdToken.IndexOf(Encoding.UTF8.GetBytes(token), first, 2));

    private static bool IsRight(JsonRpcReply reply, int index, int times) => times == 1
        ? reply.HasResult && Encoding.UTF8.GetString(reply.Result.Span) == $"\"r{index}\""
        : reply.Fault == FaultClass.Protocol;

    private static string Answer(long id, int index) => index % 2 == 0
        ? $$"""{"jsonrpc":"2.0","id":{{id}},"result":"r{{index}}"}"""
        : $$"""{"result":"r{{index}}", "id" : {{id}}, "jsonrpc":"2.0"}""";

    private static long FirstId(string body) => JsonDocument.Parse(body).RootElement[0].GetProperty("id").GetInt64();

    private static JsonRpcBatchReply Call(Endpoint endpoint, int count)
    {
        var client = endpoint.Client();
        var requests = Enumerable.Range(0, count).Select(i => JsonRpcRequest.Of($"m{i}")).ToArray();
        return client.CallBatchAsync(requests).AsTask().GetAwaiter().GetResult();
    }
}
