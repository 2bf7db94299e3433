using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Resilience.Testing;

namespace Resilience.Http.Tests;

/// <summary>HttpClient against a real server that behaves.</summary>
public sealed class KestrelTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenTheServerRecovers_TheCallSucceeds_AfterExactlyThatManyRequests()
    {
        await using var upstream = await Upstream.StartAsync(HttpStatusCode.ServiceUnavailable, HttpStatusCode.InternalServerError, HttpStatusCode.OK);
        using var client = Client(Builder());
        Assert.Equal("said", await client.GetStringAsync(upstream.Address, Stop));
        Assert.Equal(3, upstream.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, 1)]
    [InlineData(HttpStatusCode.NoContent, 1)]
    [InlineData(HttpStatusCode.NotFound, 1)]
    [InlineData(HttpStatusCode.Conflict, 1)]
    [InlineData(HttpStatusCode.RequestTimeout, 4)]
    [InlineData(HttpStatusCode.TooManyRequests, 4)]
    [InlineData(HttpStatusCode.InternalServerError, 4)]
    [InlineData(HttpStatusCode.GatewayTimeout, 4)]
    public async Task WhenTheStatusStays_TheNumberOfRequestsIsExact(HttpStatusCode status, int requests)
    {
        await using var upstream = await Upstream.StartAsync(HttpProtocols.Http1, (_, context) =>
        {
            context.Response.StatusCode = (int)status;
            return Task.CompletedTask;
        });
        using var client = Client(Builder());
        using var response = await client.GetAsync(upstream.Address, Stop);
        Assert.Equal((status, requests), (response.StatusCode, upstream.Requests));
    }

    [Fact]
    public async Task WhenHttp2StreamsAreReset_TriesAgain_AndEachRequestHasItsWholeBody()
    {
        await using var upstream = await Upstream.StartAsync(HttpProtocols.Http2, (number, context) =>
        {
            if (number < 2)
            {
                context.Abort();
            }

            return Task.CompletedTask;
        });
        using var client = Client(Builder());
        using var request = new HttpRequestMessage(HttpMethod.Put, upstream.Address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StreamContent(new MemoryStream([.. "a body"u8])),
        };
        using var response = await client.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["a body", "a body", "a body"], upstream.Bodies);
    }

    [Fact]
    public async Task WhenSynchronous_TheSameHolds()
    {
        await using var upstream = await Upstream.StartAsync(HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK);
        using var client = Client(Builder());
        using var response = client.Send(new HttpRequestMessage(HttpMethod.Put, upstream.Address) { Content = new StringContent("x") }, Stop);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["x", "x"], upstream.Bodies);
    }

    [Fact]
    public async Task WhenTheServerIsSlow_TheAttemptIsAborted_AndTheServerSeesIt()
    {
        var aborted = new TaskCompletionSource();
        var arrived = new TaskCompletionSource();
        await using var upstream = await Upstream.StartAsync(HttpProtocols.Http1, async (number, context) =>
        {
            if (number == 0)
            {
                context.RequestAborted.Register(aborted.SetResult);
                arrived.SetResult();
                await aborted.Task;
            }
        });
        var clock = new ManualClock();
        var builder = Builder(clock).AddTimeout(TimeSpan.FromSeconds(10));
        using var client = Client(builder);
        var call = client.GetAsync(upstream.Address, Stop);
        await arrived.Task;
        clock.Advance(TimeSpan.FromSeconds(10));
        using var response = await call;
        await aborted.Task;
        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, upstream.Requests));
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, clock.ActiveTimers);
    }

    [Fact]
    public async Task WhenManyCallsRunAtOnce_EachGetsItsOwnAnswer()
    {
        var failing = 0;
        await using var upstream = await Upstream.StartAsync(HttpProtocols.Http1, (_, context) =>
        {
            // Every third request fails, whoever sent it.
            if (Interlocked.Increment(ref failing) % 3 == 0)
            {
                context.Response.StatusCode = 503;
                return Task.CompletedTask;
            }

            return context.Response.WriteAsync(context.Request.Path);
        });
        using var client = Client(Builder(retries: 50).AddTimeout(TimeSpan.FromMinutes(5)));
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(n => client.GetStringAsync(new Uri(upstream.Address, $"/{n}"), Stop)));
        Assert.Equal(Enumerable.Range(0, 200).Select(n => $"/{n}"), answers);
        Assert.Equal(200 + (upstream.Requests / 3), upstream.Requests);
    }

    private static PipelineBuilder<HttpResponseMessage> Builder(TimeProvider? time = null, int retries = 3) =>
        new PipelineBuilder<HttpResponseMessage> { TimeProvider = time ?? TimeProvider.System }
            .Classify(new HttpClassifier(time ?? TimeProvider.System))
            .AddRetry(new RetryOptions { MaxRetries = retries, Backoff = Backoff.Constant(TimeSpan.Zero) });

    private static HttpClient Client(PipelineBuilder<HttpResponseMessage> builder) =>
        new(new ResilienceHandler(new SocketsHttpHandler(), builder.Build())) { Timeout = Timeout.InfiniteTimeSpan };
}
