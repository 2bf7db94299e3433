using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace Resilience.Http.Tests;

public sealed class ReplayableContentTests
{
    private static readonly byte[] s_bytes = Encoding.UTF8.GetBytes("body");

    public static TheoryData<string, int> Contents => new()
    {
        { "none", 4 },
        { "string", 4 },
        { "bytes", 4 },
        { "memory", 4 },
        { "form", 4 },
        { "json", 4 },
        { "seekable", 4 },
        { "forward", 1 },
        { "forward with a length", 1 },
        { "multipart", 4 },
        { "multipart with a forward part", 1 },
        { "multipart in multipart", 4 },
        { "custom", 1 },
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task WhenContentCannotRewind_ItIsNeverSentAgain_AndOtherwiseIsSentWhole(string kind, int attempts)
    {
        using var inner = new ScriptedHandler(HttpStatusCode.ServiceUnavailable);
        using var invoker = Invoker(inner, new ResilienceHandlerOptions());
        using var request = new HttpRequestMessage(HttpMethod.Put, "http://host/") { Content = Make(kind) };
        using var response = await invoker.SendAsync(request, Stop);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, attempts), (response.StatusCode, inner.Attempts));
        Assert.Single(inner.Bodies.Distinct());
        Assert.True(kind == "none" || inner.Bodies[0].Length >= s_bytes.Length);
    }

    [Theory]
    [MemberData(nameof(Contents))]
    public void WhenSynchronous_TheSameHolds(string kind, int attempts)
    {
        using var inner = new ScriptedHandler(HttpStatusCode.ServiceUnavailable);
        using var invoker = Invoker(inner, new ResilienceHandlerOptions());
        using var request = new HttpRequestMessage(HttpMethod.Put, "http://host/") { Content = Make(kind) };
        using var response = invoker.Send(request, Stop);
        Assert.Equal(attempts, inner.Attempts);
        Assert.Single(inner.Bodies.Distinct());
    }

    [Fact]
    public async Task WhenTheUserVouchesForACustomContent_ItIsSentAgain()
    {
        using var inner = new ScriptedHandler(HttpStatusCode.ServiceUnavailable);
        using var invoker = Invoker(inner, new ResilienceHandlerOptions { CanReplay = content => content is Custom });
        using var request = new HttpRequestMessage(HttpMethod.Put, "http://host/") { Content = Make("custom") };
        using var response = await invoker.SendAsync(request, Stop);
        Assert.Equal(["body", "body", "body", "body"], inner.Bodies);
    }

    [Fact]
    public async Task WhenTheUserVouchesForAllCustomContents_AForwardStreamIsStillNotSentAgain()
    {
        using var inner = new ScriptedHandler(HttpStatusCode.ServiceUnavailable);
        using var invoker = Invoker(inner, new ResilienceHandlerOptions { CanReplay = _ => true, MayRepeat = _ => true });
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://host/") { Content = Make("forward") };
        using var response = await invoker.SendAsync(request, Stop);
        Assert.Equal(["body"], inner.Bodies);
    }

    [Fact]
    public async Task WhenABufferedForwardStreamIsSent_ItIsSentAgain()
    {
        using var inner = new ScriptedHandler(HttpStatusCode.ServiceUnavailable);
        using var invoker = Invoker(inner, new ResilienceHandlerOptions());
        using var request = new HttpRequestMessage(HttpMethod.Put, "http://host/") { Content = Make("forward") };
        await request.Content!.LoadIntoBufferAsync(Stop);
        using var response = await invoker.SendAsync(request, Stop);
        Assert.Equal(["body", "body", "body", "body"], inner.Bodies);
    }

    [Fact]
    public async Task WhenASeekableStreamDoesNotStandAtItsStart_EachAttemptStartsWhereItStood()
    {
        using var inner = new ScriptedHandler(HttpStatusCode.ServiceUnavailable);
        using var invoker = Invoker(inner, new ResilienceHandlerOptions());
        using var request = new HttpRequestMessage(HttpMethod.Put, "http://host/")
        {
            Content = new StreamContent(new MemoryStream(s_bytes) { Position = 2 }),
        };
        using var response = await invoker.SendAsync(request, Stop);
        Assert.Equal(["dy", "dy", "dy", "dy"], inner.Bodies);
    }

    private static HttpMessageInvoker Invoker(HttpMessageHandler inner, ResilienceHandlerOptions options)
    {
        var retry = new RetryOptions { Backoff = Backoff.Constant(TimeSpan.Zero) };
        var pipeline = new PipelineBuilder<HttpResponseMessage>().Classify(HttpClassifier.System).AddRetry(retry).Build();
        return new HttpMessageInvoker(new ResilienceHandler(inner, pipeline, options));
    }

    private static HttpContent? Make(string kind)
    {
        switch (kind)
        {
            case "none":
                return null;
            case "string":
                return new StringContent("body");
            case "bytes":
                return new ByteArrayContent(s_bytes);
            case "memory":
                return new ReadOnlyMemoryContent(s_bytes);
            case "form":
                return new FormUrlEncodedContent([KeyValuePair.Create("body", "b")]);
            case "json":
                return JsonContent.Create(new { Body = "body" });
            case "seekable":
                return new StreamContent(new MemoryStream(s_bytes));
            case "forward":
                return new StreamContent(new ForwardStream(s_bytes));
            case "forward with a length":
                return new StreamContent(new ForwardStream(s_bytes)) { Headers = { ContentLength = s_bytes.Length } };
            case "multipart":
                return new MultipartFormDataContent { { new StringContent("a"), "a" }, { new StreamContent(new MemoryStream(s_bytes)), "b" } };
            case "multipart with a forward part":
                return new MultipartFormDataContent { { new StringContent("a"), "a" }, { new StreamContent(new ForwardStream(s_bytes)), "b" } };
            case "multipart in multipart":
                return new MultipartContent { new MultipartContent { new ByteArrayContent(s_bytes) } };
            default:
                return new Custom();
        }
    }

    private sealed class Custom : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(s_bytes).AsTask();

        protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken) => stream.Write(s_bytes);

        protected override bool TryComputeLength(out long length)
        {
            length = s_bytes.Length;
            return true;
        }
    }
}
