using System.Net;
using System.Text;

namespace Resilience.Rpc.Tests.JsonRpc;

public sealed class JsonRpcClientTests
{
    private static readonly JsonRpcRequest s_call = JsonRpcRequest.Of("eth_call", "latest");

    [Fact]
    public async Task WhenThereIsAResult_ItIsGivenAsItWasWritten()
    {
        var endpoint = new Endpoint("""{"jsonrpc":"2.0","id":1,"result":{"a": [1, "x"]}}""");
        using var reply = await endpoint.Client().CallAsync(s_call);
        Assert.Equal((true, FaultClass.None, false, HttpStatusCode.OK), (reply.HasResult, reply.Fault, reply.IsNull, reply.Status));
        Assert.Equal("""{"a": [1, "x"]}""", Encoding.UTF8.GetString(reply.Result.Span));
        Assert.Equal(JsonDigest.Whole.Compute("""{"a":[1.0,"x"]}"""u8.ToArray()), reply.Digest);
        Assert.Equal(["""{"jsonrpc":"2.0","id":1,"method":"eth_call","params":["latest"]}"""], endpoint.Bodies);
    }

    [Theory]
    [InlineData("""{"result":null,"id":1,"jsonrpc":"2.0"}""", true, false)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":"0x1","error":null}""", false, true)]
    [InlineData(""" {"jsonrpc":"2.0","id":1,"error" : null ,"more":{"x":[{}]},"result":"0x1"} """, false, true)]
    [InlineData("""{"\u006a\u0073\u006f\u006e\u0072\u0070\u0063":"2\u002e0","i\u0064":1,"resul\u0074":1}""", false, false)]
    public async Task WhenTheResultIsUnusual_ItIsStillOne(string body, bool isNull, bool hadNullError)
    {
        using var reply = await new Endpoint(body).Client().CallAsync(s_call);
        Assert.Equal((true, isNull, hadNullError), (reply.HasResult, reply.IsNull, reply.HadNullError));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":2,"result":1}""", "The id is not the one")]
    [InlineData("""{"jsonrpc":"2.0","id":"1","result":1}""", "The id is not the one")]
    [InlineData("""{"jsonrpc":"2.0","id":1.0,"result":1}""", "The id is not the one")]
    [InlineData("""{"jsonrpc":"2.0","id":1e0,"result":1}""", "The id is not the one")]
    [InlineData("""{"jsonrpc":"2.0","id":-1,"result":1}""", "The id is not the one")]
    [InlineData("""{"jsonrpc":"2.0","id":[1],"result":1}""", "The id is not the one")]
    [InlineData("""{"jsonrpc":"2.0","id":{"id":1},"result":1}""", "The id is not the one")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"result":1}""", "The id is not the one")]
    [InlineData("""{"jsonrpc":"2.0","result":1}""", "The id is missing")]
    [InlineData("""{"jsonrpc":"2.0","error":{"code":1,"message":"m"}}""", "The id is missing")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":1,"error":{"code":1,"message":"m"}}""", "a result and an error")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":null,"error":{"code":1,"message":"m"}}""", "a result and an error")]
    [InlineData("""{"jsonrpc":"2.0","id":1}""", "neither")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":null}""", "neither")]
    [InlineData("""{"id":1,"result":1}""", "The version is missing")]
    [InlineData("""{"jsonrpc":"1.0","id":1,"result":1}""", "The version is not 2.0")]
    [InlineData("""{"jsonrpc":2.0,"id":1,"result":1}""", "The version is not 2.0")]
    [InlineData("""{"jsonrpc":["2.0"],"id":1,"result":1}""", "The version is not 2.0")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":1,"result":1}""", "A name comes twice")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":1,"resul\u0074":1}""", "A name comes twice")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"id":1,"result":1}""", "A name comes twice")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"x":1,"x":1,"result":1}""", "A name comes twice")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m","code":1}}""", "A name comes twice")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":[{"a":1,"a":2}]}""", "two members")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"x":{"a":1,"a":2},"result":1}""", "two members")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m","data":{"a":1,"a":2}}}""", "two members")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":"no"}""", "The error is not")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":[]}""", "The error is an array")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"message":"m"}}""", "The error is not")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":1}}""", "The error is not")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":"1","message":"m"}}""", "The error is not")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":"m"}}""", "The error is not")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":{"x":1}}}""", "The error is not")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":1}x""", "not one whole")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":1}{}""", "not one whole")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":1,}""", "not one whole")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":1""", "not one whole")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":"\ud800"}""", "surrogate")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"\ud800":1,"result":1}""", "surrogate")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":[1e1000000000000000000]}""", "exponent")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"result":1}]""", "not an object")]
    [InlineData("", "not one whole")]
    [InlineData("null", "not an object")]
    [InlineData("<html><body>hello</body></html>", "not one whole")]
    [InlineData("\ufeff{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}", "not one whole")]
    public async Task WhenItIsNotWhatTheSpecificationSays_ItIsProtocol(string body, string reason)
    {
        using var reply = await new Endpoint(body).Client().CallAsync(s_call);
        Assert.Equal((FaultClass.Protocol, false), (reply.Fault, reply.HasResult));
        Assert.Contains(reason, reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheTextIsNoUtf8_ItIsProtocol()
    {
        byte[] body = [.. """{"jsonrpc":"2.0","id":1,"result":" """u8, 0xff, .. "\"}"u8];
        using var reply = await new Endpoint(_ => Endpoint.Bytes(body)).Client().CallAsync(s_call);
        Assert.Equal(FaultClass.Protocol, reply.Fault);
    }

    [Theory]
    [InlineData("""{"id":1,"result":1}""", JsonRpcLeniency.MissingVersion)]
    [InlineData("""{"jsonrpc":"2.0","id":"1","result":1}""", JsonRpcLeniency.StringId)]
    public async Task WhenForgiven_ItIsAResult(string body, JsonRpcLeniency leniency)
    {
        using var reply = await new Endpoint(body).Client(new JsonRpcOptions { Leniency = leniency }).CallAsync(s_call);
        Assert.True(reply.HasResult, reply.Reason);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","error":{"code":-32601,"message":"m"}}""", JsonRpcLeniency.MissingIdOfError)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":null,"error":{"code":-32601,"message":"m"}}""", JsonRpcLeniency.NullResultBesideError)]
    [InlineData("""{"jsonrpc":"2.0","id":null,"error":{"code":-32601,"message":"m"}}""", JsonRpcLeniency.None)]
    public async Task WhenAnErrorIsForgivenItsForm_ItIsTheError(string body, JsonRpcLeniency leniency)
    {
        using var reply = await new Endpoint(body).Client(new JsonRpcOptions { Leniency = leniency }).CallAsync(s_call);
        Assert.Equal((FaultClass.Unsupported, -32601), (reply.Fault, reply.Error?.Code));
    }

    [Fact]
    public async Task WhenTwoNodesRevertAlike_TheyVoteAlike_WhateverTheySay()
    {
        var replies = new List<JsonRpcReply>();
        foreach (var error in new[]
        {
            """{"code":3,"message":"execution reverted: no","data":"0x08C379A0"}""",
            """{"code":-32015,"message":"VM execution error.","data":"Reverted 0x08c379a0"}""",
            """{"code":-32603,"message":"Error: VM Exception while processing transaction: reverted with reason string 'no'","data":{"message":"no","data":"0x08c379a0"}}""",
            """{"code":-32000,"message":"VM Exception while processing transaction: revert no","data":{"hash":null,"result":"0x08c379a0"}}""",
            """{"code":3,"message":"execution reverted","data":"0x"}""",
        })
        {
            replies.Add(await new Endpoint($$"""{"jsonrpc":"2.0","id":1,"error":{{error}} }""").Client().CallAsync(s_call));
        }

        Assert.All(replies, reply => Assert.Equal(FaultClass.Revert, reply.Fault));
        Assert.Single(replies.Take(4).Select(reply => reply.Digest).Distinct());
        Assert.Equal("0x08c379a0", replies[0].Error!.RevertData);
        Assert.NotEqual(replies[0].Digest, replies[4].Digest);
    }

    [Fact]
    public async Task WhenNoRuleKnowsAnError_ItVotesByItsCode_AndIsCounted()
    {
        static string Body(int code, string message) => $$"""{"jsonrpc":"2.0","id":1,"error":{"code":{{code}},"message":"{{message}}"} }""";
        using var first = await new Endpoint(Body(17, "a")).Client().CallAsync(s_call);
        using var second = await new Endpoint(Body(17, "b")).Client().CallAsync(s_call);
        var client = new Endpoint(Body(18, "a")).Client();
        using var third = await client.CallAsync(s_call);
        Assert.Equal((FaultClass.Unclassified, 1), (first.Fault, client.UnclassifiedErrors));
        Assert.Equal(first.Digest, second.Digest);
        Assert.NotEqual(first.Digest, third.Digest);
    }

    [Theory]
    [InlineData("already known", true)]
    [InlineData("ALREADY_EXISTS: already known", true)]
    [InlineData("AlreadyKnown", true)]
    [InlineData("Known transaction", true)]
    [InlineData("nonce too low", false)]
    public async Task WhenTheTransactionIsThereAlready_TheReplySaysSo(string message, bool isKnown)
    {
        var body = $$"""{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"{{message}}"} }""";
        using var reply = await new Endpoint(body).Client().CallAsync(JsonRpcRequest.Of("eth_sendRawTransaction", "0x00"));
        Assert.Equal((FaultClass.TxRejected, isKnown), (reply.Fault, reply.IsAlreadyKnown));
    }

    [Fact]
    public async Task WhenTheResultIsLongerThanWhatIsKept_ItsDigestAndLengthRemain()
    {
        var text = new string('a', 5_000);
        var client = new Endpoint($$"""{"jsonrpc":"2.0","id":1,"result":"{{text}}"}""").Client(new JsonRpcOptions { RetainBytes = 1_000 });
        using var reply = await client.CallAsync(s_call);
        Assert.Equal((true, false, 5_002), (reply.HasResult, reply.IsRetained, reply.Length));
        Assert.Equal(JsonDigest.Whole.Compute(Encoding.UTF8.GetBytes($"\"{text}\"")), reply.Digest);
        Assert.Contains("RetainBytes", Assert.Throws<InvalidOperationException>(() => reply.Result).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenLargeAnswersShareARight_OneIsKeptWhole_AndTheNextWhenThatIsGone()
    {
        var text = new string('a', 5_000);
        var client = new Endpoint(body => Endpoint.Json($$"""{"jsonrpc":"2.0","id":{{body[22..body.IndexOf(",\"method")]}},"result":"{{text}}"}"""))
            .Client(new JsonRpcOptions { RetainBytes = 1_000 });
        var large = new LargeBody();
        var first = await client.CallAsync(s_call, large);
        using var second = await client.CallAsync(s_call, large);
        Assert.Equal((true, false, true, 5_002), (first.IsRetained, second.IsRetained, large.IsTaken, first.Result.Length));
        Assert.Equal(first.Digest, second.Digest);
        first.Dispose();
        using var third = await client.CallAsync(s_call, large);
        Assert.True(third.IsRetained && large.IsTaken);
    }

    [Fact]
    public async Task WhenALargeAnswerIsNoResult_TheRightIsFree()
    {
        var large = new LargeBody();
        var client = new Endpoint($$"""{"jsonrpc":"2.0","id":1,"result":"{{new string('a', 5_000)}}"}x""").Client(new JsonRpcOptions { RetainBytes = 1_000 });
        using var reply = await client.CallAsync(s_call, large);
        Assert.Equal((FaultClass.Protocol, false), (reply.Fault, large.IsTaken));
    }

    [Fact]
    public async Task WhenDisposedTwice_TheBytesAreGoneOnce()
    {
        var reply = await new Endpoint("""{"jsonrpc":"2.0","id":1,"result":[1]}""").Client().CallAsync(s_call);
        reply.Dispose();
        reply.Dispose();
        Assert.Throws<ObjectDisposedException>(() => reply.Result);
    }

    [Fact]
    public async Task WhenMethodsAreDeclared_EachIsComparedInItsOwnWay()
    {
        var options = new JsonRpcOptions { Methods = RpcMethodTable.Ethereum };
        var replies = new List<UInt128>();
        foreach (var (method, quantity) in new[] { ("eth_getTransactionReceipt", "0x01"), ("eth_getTransactionReceipt", "0x1"), ("foo", "0x01"), ("foo", "0x1") })
        {
            var body = $$"""{"jsonrpc":"2.0","id":1,"result":{"status":"{{quantity}}"} }""";
            using var reply = await new Endpoint(body).Client(options).CallAsync(JsonRpcRequest.Of(method));
            replies.Add(reply.Digest);
        }

        Assert.Equal(replies[0], replies[1]);
        Assert.NotEqual(replies[2], replies[3]);
    }

    [Fact]
    public async Task WhenThereIsNoDigest_DuplicatesInsideTheResultPass()
    {
        var options = new JsonRpcOptions { Digest = null };
        using var reply = await new Endpoint("""{"jsonrpc":"2.0","id":1,"result":{"a":{"x":[]},"a":2},"y":[{"z":1}]}""").Client(options).CallAsync(s_call);
        Assert.Equal((true, UInt128.Zero, """{"a":{"x":[]},"a":2}"""), (reply.HasResult, reply.Digest, Encoding.UTF8.GetString(reply.Result.Span)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("[1")]
    [InlineData("[1]]")]
    public void WhenParametersAreNoArrayOrObject_TheRequestIsRefused(string parameters)
    {
        if (parameters.Length > 0)
        {
            Assert.Throws<ArgumentException>(() => new JsonRpcRequest("m", Encoding.UTF8.GetBytes(parameters)));
        }

        Assert.Throws<ArgumentException>(() => new JsonRpcRequest(""));
    }

    [Fact]
    public async Task WhenParametersAreWritten_TheyAreSentAsTheyAre()
    {
        var endpoint = new Endpoint("{}");
        var client = endpoint.Client();
        (await client.CallAsync(new JsonRpcRequest("m"))).Dispose();
        (await client.CallAsync(JsonRpcRequest.Write("m", 5, static (writer, n) =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("n", n);
            writer.WriteEndObject();
        }))).Dispose();
        Assert.Equal(
            ["""{"jsonrpc":"2.0","id":1,"method":"m"}""", """{"jsonrpc":"2.0","id":2,"method":"m","params":{"n":5}}"""], endpoint.Bodies);
    }

    [Theory]
    [InlineData(63, 64, 64, 0, "MaxResponseBytes is 63")]
    [InlineData(64, 3, 64, 0, "MaxDepth is 3")]
    [InlineData(64, 64, 1, 0, "MaxTokenBytes is 1")]
    [InlineData(64, 64, 64, -1, "RetainBytes is -1")]
    public void WhenAnOptionIsOutOfRange_TheMessageNamesIt(long response, int depth, int token, int retain, string message)
    {
        var options = new JsonRpcOptions { MaxResponseBytes = response, MaxDepth = depth, MaxTokenBytes = token, RetainBytes = retain };
        Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>(() => new Endpoint("").Client(options)).Message, StringComparison.Ordinal);
    }
}
