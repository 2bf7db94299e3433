using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Resilience.Http.Tests;

/// <summary>Hedged requests against a real server: each attempt sends a copy, and the loser is cancelled on the wire.</summary>
public sealed class HedgingTests
{
    private readonly HedgingCounters _counters = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenTheFirstRequestHangs_TheSecondWins_AndTheServerSeesTheFirstAborted()
    {
        var aborted = new TaskCompletionSource();
        await using var upstream = await Upstream.StartAsync(HttpProtocols.Http1, async (number, context) =>
        {
            if (number == 0)
            {
                await Hang(context);
                aborted.SetResult();
                return;
            }

            await context.Response.WriteAsync($"answer {number}");
        });
        using var client = Client(HedgeDelay.Parallel);
        Assert.Equal("answer 1", await client.GetStringAsync(upstream.Address, Stop));
        await aborted.Task;
        Assert.Equal((2, 1L, 1L), (upstream.Requests, _counters.Hedges, _counters.Losers));
        await Quiet();
    }

    [Fact]
    public async Task WhenTheRequestHasABody_EachAttemptSendsItWhole_AndTheCallerMayDisposeIt()
    {
        var headers = new ConcurrentQueue<string>();
        var first = new TaskCompletionSource();
        await using var upstream = await Upstream.StartAsync(HttpProtocols.Http1, async (number, context) =>
        {
            headers.Enqueue($"{context.Request.Method} {context.Request.Headers["x-own"]} {context.Request.ContentType}");
            if (number == 0)
            {
                first.SetResult();
                await Hang(context);
            }

            await first.Task;
        });
        using var client = Client(HedgeDelay.Parallel);
        using (var request = Put(upstream, new StreamContent(new MemoryStream([.. "a body"u8]))))
        {
            request.Content!.Headers.ContentType = new("text/plain");
            using var response = await client.SendAsync(request, Stop);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.NotSame(request, response.RequestMessage);
        }

        Assert.Equal(["a body", "a body"], upstream.Bodies);
        Assert.Equal(["PUT kept text/plain", "PUT kept text/plain"], headers);
        await Quiet();
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.InternalServerError)]
    public async Task WhenTheFirstAnswerIsAFailure_TheNextFollowsAtOnce(HttpStatusCode status)
    {
        await using var upstream = await Upstream.StartAsync(status, HttpStatusCode.OK);
        using var client = Client(HedgeDelay.Sequential);
        using var response = await client.GetAsync(upstream.Address, Stop);
        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, upstream.Requests));
        await Quiet();
    }

    [Fact]
    public async Task WhenTheMethodIsNotIdempotent_ItIsSentOnce()
    {
        await using var upstream = await Upstream.StartAsync(HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK);
        using var client = Client(HedgeDelay.Parallel);
        using var response = await client.PostAsync(upstream.Address, new StringContent("x"), Stop);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (response.StatusCode, upstream.Requests));
        await Quiet();
    }

    [Theory]
    [InlineData(5, 2)]
    [InlineData(6, 2)]
    [InlineData(7, 1)]
    public async Task WhenTheContentIsTooLongToKeep_ItIsSentOnce(int length, int requests)
    {
        await using var upstream = await Upstream.StartAsync(HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK);
        using var client = Client(HedgeDelay.Sequential, new ResilienceHandlerOptions { MaxBufferedContent = 6 });
        using var request = Put(upstream, new StreamContent(new MemoryStream(new byte[length])));
        using var response = await client.SendAsync(request, Stop);
        Assert.Equal(requests, upstream.Requests);
        await Quiet();
    }

    [Fact]
    public async Task WhenCopiesAreSentElsewhere_TheOtherServerAnswers()
    {
        await using var dead = await Upstream.StartAsync(HttpProtocols.Http1, (_, context) => Hang(context));
        await using var alive = await Upstream.StartAsync(HttpStatusCode.OK);
        using var client = Client(HedgeDelay.Parallel, new ResilienceHandlerOptions
        {
            PrepareCopy = (copy, attempt) => copy.RequestUri = attempt == 0 ? copy.RequestUri : alive.Address,
        });
        Assert.Equal("said", await client.GetStringAsync(dead.Address, Stop));
        Assert.Equal((1, 1L), (alive.Requests, _counters.HedgesWon));
        await Quiet();
    }

    [Fact]
    public async Task WhenALoserAnswersLate_ItsResponseIsDisposed()
    {
        var release = new TaskCompletionSource();
        var late = new DisposalContent();
        var sent = 0;
        using var inner = new Stubborn(async () =>
        {
            if (Interlocked.Increment(ref sent) == 1)
            {
                await release.Task;
                return new HttpResponseMessage { Content = late };
            }

            return new HttpResponseMessage();
        });
        using var client = new HttpClient(new ResilienceHandler(inner, Pipeline(HedgeDelay.Parallel)));
        using var response = await client.GetAsync("http://localhost/", Stop);
        Assert.Equal(1, _counters.InFlightLosers);
        release.SetResult();
        await Quiet();
        Assert.Equal(1, late.Disposals);
    }

    [Fact]
    public void WhenSynchronous_ItIsRefusedByName()
    {
        using var client = Client(HedgeDelay.Parallel);
        var refused = Assert.Throws<InvalidOperationException>(() => client.Send(new HttpRequestMessage(HttpMethod.Get, "http://localhost/"), Stop));
        Assert.Contains("'hedging'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhenTheLongestContentIsNegative_ItThrows() => Assert.Contains(
        "MaxBufferedContent is -1: it must be at least 0.",
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Client(HedgeDelay.Parallel, new ResilienceHandlerOptions { MaxBufferedContent = -1 })).Message,
        StringComparison.Ordinal);

    private static HttpRequestMessage Put(Upstream upstream, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, upstream.Address) { Content = content };
        request.Headers.Add("x-own", "kept");
        return request;
    }

    private static async Task Hang(HttpContext context)
    {
        var aborted = new TaskCompletionSource();
        using (context.RequestAborted.Register(aborted.SetResult))
        {
            await aborted.Task;
        }
    }

    private async Task Quiet()
    {
        while (_counters.InFlightLosers != 0)
        {
            await Task.Yield();
        }
    }

    private HttpClient Client(HedgeDelay delay, ResilienceHandlerOptions? options = null) =>
        new(new ResilienceHandler(new SocketsHttpHandler(), Pipeline(delay), options));

    private Pipeline<HttpResponseMessage> Pipeline(HedgeDelay delay) => new PipelineBuilder<HttpResponseMessage>()
        .Classify(HttpClassifier.System)
        .AddHedging(new HedgingOptions { Delay = delay, ExtraLoad = double.PositiveInfinity, Counters = _counters })
        .Build();

    private sealed class Stubborn(Func<Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer();
    }

    private sealed class DisposalContent() : ByteArrayContent([])
    {
        public int Disposals { get; private set; }

        protected override void Dispose(bool disposing)
        {
            Disposals++;
            base.Dispose(disposing);
        }
    }
}
