namespace Resilience.Rpc.Tests.FanOut;

/// <summary>Of several answers of ten megabytes one body is kept.</summary>
public sealed class LargeAnswerTests
{
    private const int Bytes = 10 << 20;
    private const int Others = 64 << 10;
    private static readonly string s_text = new('a', Bytes);

    [Fact]
    public async Task WhenAllAnswerTenMegabytes_OneBodyIsKept_AndOfTheOthersNoMoreThan64Kilobytes()
    {
        await Fresh.Stack();
        var fanOut = Make(s_text, s_text, s_text);
        using var result = await fanOut.ExecuteAsync(
            static (client, large, token) => client.CallAsync(JsonRpcRequest.Of("eth_getLogs"), large, token), new LargeBody());
        Assert.Equal(FanOutStatus.Agreed, result.Status);
        var replies = Enumerable.Range(0, 3).Select(i => result[i].Value!).ToArray();
        var winner = Assert.Single(replies, reply => reply.IsRetained);
        Assert.Equal(Bytes + 2, winner.Result.Length);
        Assert.All(replies.Where(reply => reply != winner), reply => Assert.InRange(reply.HeldBytes, 0, Others));
        Assert.Single(replies.Select(reply => reply.Digest).Distinct());
    }

    [Fact]
    public async Task WhenTheBodyThatWasKeptIsOfALiar_OneThatAgreesIsReadAgain()
    {
        await Fresh.Stack();
        var lie = new string('b', Bytes);
        using var reader = new RpcReader(
            new EndpointSet<JsonRpcClient>(Clients(lie, s_text, s_text), new EndpointSetOptions { Exploration = 0 }), new RpcValidatorOptions());
        var reading = await reader.ReadAsync(JsonRpcRequest.Of("eth_getLogs"), RpcKind.Block, new CallBatcher(1), CancellationToken.None);
        Assert.Equal((true, Bytes), (reading.Exists, reading.Value.GetString()!.Length));
        Assert.Equal('a', reading.Value.GetString()![0]);
    }

    [Fact]
    public void WhenTheBoundIsOutOfRange_TheMessageNamesIt() => Assert.Contains(
        "othersRetainBytes is -1", Assert.Throws<ArgumentOutOfRangeException>(() => new LargeBody(-1)).Message, StringComparison.Ordinal);

    private static FanOut<JsonRpcClient, JsonRpcReply> Make(params string[] texts) => new(
        new EndpointSet<JsonRpcClient>(Clients(texts)),
        new FanOutOptions<JsonRpcReply> { Mode = FanOutMode.Quorum(texts.Length), Judge = Ruling.FromReply, Deadline = TimeSpan.FromMinutes(2) });

    private static IEnumerable<EndpointOptions<JsonRpcClient>> Clients(params string[] texts) => texts.Select((text, i) => new EndpointOptions<JsonRpcClient>
    {
        Name = $"n{i}",
        Target = new JsonRpc.Endpoint(body => JsonRpc.Endpoint.Json($$"""{"jsonrpc":"2.0","id":{{body[22..body.IndexOf(",\"method")]}},"result":"{{text}}"}"""))
            .Client(new JsonRpcOptions { MaxTokenBytes = 16 << 20, Digest = new JsonDigest(new JsonDigestOptions { MaxTokenBytes = 16 << 20 }) }),
    });
}
