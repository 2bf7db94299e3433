using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Resilience.Rpc.Tests.JsonRpc;

/// <summary>What the HTTP around a body means.</summary>
public sealed class JsonRpcHttpTests
{
    private const string Result = """{"jsonrpc":"2.0","id":1,"result":1}""";
    private const string Unknown = """{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"m"}}""";
    private static readonly JsonRpcRequest s_call = JsonRpcRequest.Of("eth_call");

    [Theory]
    [InlineData(200, Unknown, FaultClass.Unsupported)]
    [InlineData(400, Unknown, FaultClass.Unsupported)]
    [InlineData(500, Unknown, FaultClass.Unsupported)]
    [InlineData(500, Result, FaultClass.None)]
    [InlineData(503, Unknown, FaultClass.Unsupported)]
    [InlineData(429, Unknown, FaultClass.RateLimited)]
    [InlineData(429, Result, FaultClass.RateLimited)]
    [InlineData(500, "oops", FaultClass.Server)]
    [InlineData(502, "{}", FaultClass.Server)]
    [InlineData(400, "{}", FaultClass.Client)]
    [InlineData(401, "{", FaultClass.Auth)]
    [InlineData(204, "", FaultClass.Protocol)]
    public async Task TheBodyIsRead_UnlessTheStatusOutranksIt(int status, string body, FaultClass fault)
    {
        using var reply = await new Endpoint(body, (HttpStatusCode)status).Client().CallAsync(s_call);
        Assert.Equal((fault, status), (reply.Fault, (int)reply.Status!));
    }

    [Theory]
    [InlineData(503, "7", 7)]
    [InlineData(429, "3", 3)]
    [InlineData(429, "-3", 0)]
    [InlineData(429, "soon", 0)]
    public async Task WhenRetryAfterIsGiven_ItOutranksTheBody_AndIsPassedOn(int status, string value, int seconds)
    {
        var endpoint = new Endpoint(_ =>
        {
            var response = Endpoint.Json(Unknown, (HttpStatusCode)status);
            response.Headers.TryAddWithoutValidation("Retry-After", value);
            return response;
        });
        using var reply = await endpoint.Client().CallAsync(s_call);
        Assert.Equal((FaultClass.RateLimited, TimeSpan.FromSeconds(seconds)), (reply.Fault, reply.RetryAfter));
    }

    [Theory]
    [InlineData("text/html", 200, FaultClass.Protocol)]
    [InlineData("text/plain", 200, FaultClass.Protocol)]
    [InlineData(null, 200, FaultClass.Protocol)]
    [InlineData("application/json; charset=utf-16", 200, FaultClass.Protocol)]
    [InlineData("text/html", 502, FaultClass.Server)]
    [InlineData("text/html", 404, FaultClass.Unsupported)]
    [InlineData("text/html", 302, FaultClass.Protocol)]
    [InlineData("application/json", 200, FaultClass.None)]
    [InlineData("Application/JSON; charset=\"UTF-8\"", 200, FaultClass.None)]
    [InlineData("application/json-rpc", 200, FaultClass.None)]
    public async Task WhenTheContentTypeIsNotJson_TheBodyIsNotRead(string? type, int status, FaultClass fault)
    {
        var endpoint = new Endpoint(_ =>
        {
            var response = Endpoint.Json(Result, (HttpStatusCode)status);
            response.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
            return response;
        });
        using var reply = await endpoint.Client().CallAsync(s_call);
        Assert.Equal(fault, reply.Fault);
        using var lenient = await endpoint.Client(new JsonRpcOptions { Leniency = JsonRpcLeniency.AnyContentType }).CallAsync(s_call);
        Assert.True(lenient.HasResult);
    }

    [Fact]
    public async Task WhenTheBodyIsStillCompressed_ItIsProtocol()
    {
        var endpoint = new Endpoint(_ =>
        {
            var response = Endpoint.Json(Result);
            response.Content.Headers.ContentEncoding.Add("gzip");
            return response;
        });
        using var reply = await endpoint.Client().CallAsync(s_call);
        Assert.Equal(FaultClass.Protocol, reply.Fault);
    }

    [Theory]
    [InlineData(64, 64, 4096, FaultClass.TooLarge)]
    [InlineData(100_000, 64, 1_024, FaultClass.TooLarge)]
    [InlineData(100_000, 64, 100_000, FaultClass.None)]
    public async Task WhenTheAnswerIsOverABound_ItIsTooLarge(long most, int depth, int token, FaultClass fault)
    {
        var body = $$"""{"jsonrpc":"2.0","id":1,"result":"{{new string('a', 50_000)}}"}""";
        var endpoint = new Endpoint(_ =>
        {
            var response = new HttpResponseMessage { Content = new StreamContent(new Trickle(Encoding.UTF8.GetBytes(body), 1_000)) };
            response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return response;
        });
        using var reply = await endpoint.Client(new JsonRpcOptions { MaxResponseBytes = most, MaxDepth = depth, MaxTokenBytes = token }).CallAsync(s_call);
        Assert.Equal(fault, reply.Fault);
    }

    [Fact]
    public async Task WhenTheAnswerSaysItIsTooLong_NotAByteIsRead()
    {
        var body = new Trickle(new byte[1_000], 1);
        var endpoint = new Endpoint(_ =>
        {
            var response = new HttpResponseMessage { Content = new StreamContent(body) };
            response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            response.Content.Headers.ContentLength = 1_000;
            return response;
        });
        using var reply = await endpoint.Client(new JsonRpcOptions { MaxResponseBytes = 999 }).CallAsync(s_call);
        Assert.Equal((FaultClass.TooLarge, 0), (reply.Fault, body.Reads));
    }

    [Fact]
    public async Task WhenNestedTooDeep_ItIsProtocol()
    {
        var body = $$"""{"jsonrpc":"2.0","id":1,"result":{{new string('[', 100_000)}} }""";
        using var reply = await new Endpoint(body).Client().CallAsync(s_call);
        Assert.Equal(FaultClass.Protocol, reply.Fault);
    }

    [Fact]
    public async Task WhenTheCallerCancels_ItIsAnException()
    {
        using var source = new CancellationTokenSource();
        var endpoint = new Endpoint(_ =>
        {
            source.Cancel();
            throw new HttpRequestException(HttpRequestError.ConnectionError);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await endpoint.Client().CallAsync(s_call, source.Token));
    }

    public static TheoryData<Exception, FaultClass> Exceptions => new()
    {
        { new HttpRequestException(HttpRequestError.ConnectionError), FaultClass.Network },
        { new HttpRequestException(HttpRequestError.NameResolutionError), FaultClass.Network },
        { new HttpRequestException(HttpRequestError.SecureConnectionError), FaultClass.Network },
        { new HttpRequestException(HttpRequestError.InvalidResponse), FaultClass.Protocol },
        { new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded), FaultClass.Protocol },
        { new HttpRequestException(HttpRequestError.UserAuthenticationError), FaultClass.Auth },
        { new HttpIOException(HttpRequestError.ResponseEnded), FaultClass.Network },
        { new IOException("reset"), FaultClass.Network },
        { new TaskCanceledException("timeout", new TimeoutException()), FaultClass.Timeout },
        { new TimeoutException(), FaultClass.Timeout },
        { new InvalidDataException("gzip"), FaultClass.Protocol },
    };

    [Theory]
    [MemberData(nameof(Exceptions), DisableDiscoveryEnumeration = true)]
    public async Task WhenTheTransportThrows_ItIsAFault(Exception exception, FaultClass fault)
    {
        var endpoint = new Endpoint(_ => throw exception);
        using var reply = await endpoint.Client().CallAsync(s_call);
        Assert.Equal(fault, reply.Fault);
        Assert.NotNull(reply.Exception);
        Assert.Equal(fault, await endpoint.Client().NotifyAsync(s_call));
    }

    [Fact]
    public async Task WhenTheProgramIsWrong_ItIsAnException()
    {
        var client = new JsonRpcClient(new HttpClient(), new Uri("/rpc", UriKind.Relative));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await client.CallAsync(s_call));
    }

    [Theory]
    [InlineData(200, FaultClass.None)]
    [InlineData(204, FaultClass.None)]
    [InlineData(429, FaultClass.RateLimited)]
    [InlineData(500, FaultClass.Server)]
    public async Task WhenNotifying_OnlyTheStatusCounts_AndThereIsNoId(int status, FaultClass fault)
    {
        var endpoint = new Endpoint("rubbish", (HttpStatusCode)status);
        Assert.Equal(fault, await endpoint.Client().NotifyAsync(JsonRpcRequest.Of("note")));
        Assert.Equal(["""{"jsonrpc":"2.0","method":"note","params":[]}"""], endpoint.Bodies);
    }

    /// <summary>A body of which each read gives a few bytes.</summary>
    private sealed class Trickle(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public int Reads { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Reads++;
            return base.ReadAsync(buffer[..Math.Min(buffer.Length, most)], cancellationToken);
        }
    }
}
