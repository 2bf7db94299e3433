using System.Net;
using Resilience.Testing;

namespace Resilience.Http.Tests;

/// <summary>Which requests the handler sends again, and as what.</summary>
public sealed class RepeatTests
{
    private static readonly Uri s_uri = new("http://host/a");
    private readonly ManualClock _clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", 4)]
    [InlineData("HEAD", 4)]
    [InlineData("OPTIONS", 4)]
    [InlineData("TRACE", 4)]
    [InlineData("PUT", 4)]
    [InlineData("DELETE", 4)]
    [InlineData("delete", 4)]
    [InlineData("POST", 1)]
    [InlineData("PATCH", 1)]
    [InlineData("CONNECT", 1)]
    [InlineData("PROPFIND", 1)]
    [InlineData("MINE", 1)]
    public async Task WhenMethodIsNotIdempotent_OneAttempt(string method, int attempts)
    {
        using var inner = new ScriptedHandler(HttpStatusCode.ServiceUnavailable);
        using var invoker = Invoker(inner, Retries());
        using var response = await invoker.SendAsync(new HttpRequestMessage(new HttpMethod(method), s_uri), Stop);
        Assert.Equal((attempts, 1), (inner.Attempts, inner.OpenResponses));

        using var synchronous = invoker.Send(new HttpRequestMessage(new HttpMethod(method), s_uri), Stop);
        Assert.Equal((2 * attempts, 2), (inner.Attempts, inner.OpenResponses));
    }

    [Fact]
    public async Task WhenMethodIsNotIdempotent_AnExceptionIsNotTriedAgainEither()
    {
        using var inner = new ScriptedHandler((_, _) => throw new HttpRequestException());
        using var invoker = Invoker(inner, Retries());
        await Assert.ThrowsAsync<HttpRequestException>(() => invoker.SendAsync(new HttpRequestMessage(HttpMethod.Post, s_uri), Stop));
        Assert.Equal(1, inner.Attempts);
    }

    [Fact]
    public async Task WhenMethodIsNotIdempotent_ATimeoutIsNotTriedAgainEither()
    {
        using var inner = new HangingHandler();
        var pipeline = Builder().AddRetry(AtOnce()).AddTimeout(TimeSpan.FromSeconds(1)).Build();
        using var invoker = new HttpMessageInvoker(new ResilienceHandler(inner, pipeline));
        var post = invoker.SendAsync(new HttpRequestMessage(HttpMethod.Post, s_uri), Stop);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<TimeoutRejectedException>(() => post);
        Assert.Equal(1, inner.Attempts);
    }

    [Fact]
    public async Task WhenMethodIsNotIdempotent_ItsHealthIsCountedAllTheSame()
    {
        using var inner = new ScriptedHandler(HttpStatusCode.ServiceUnavailable);
        var probe = new VerdictProbe();
        using var invoker = new HttpMessageInvoker(new ResilienceHandler(inner, Builder().AddRetry(AtOnce()).Add(probe).Build()));
        using var response = await invoker.SendAsync(new HttpRequestMessage(HttpMethod.Post, s_uri), Stop);
        Assert.Equal(new Verdict(Health.Bad, Again.No), Assert.Single(probe.Verdicts));
    }

    [Fact]
    public async Task WhenARequestWasRefusedBeforeItWasSent_ItMayBeTriedAgainWhateverItsMethod()
    {
        using var inner = new ScriptedHandler(HttpStatusCode.OK);
        var pipeline = Builder().AddRetry(AtOnce() with { RetryRejections = true }).Add(new RefuseOnce()).Build();
        using var invoker = new HttpMessageInvoker(new ResilienceHandler(inner, pipeline));
        using var response = await invoker.SendAsync(new HttpRequestMessage(HttpMethod.Post, s_uri), Stop);
        Assert.Equal((HttpStatusCode.OK, 1), (response.StatusCode, inner.Attempts));
    }

    [Fact]
    public async Task WhenTheUserSaysSo_AnyMethodIsTriedAgain()
    {
        using var inner = new ScriptedHandler(HttpStatusCode.ServiceUnavailable);
        var options = new ResilienceHandlerOptions
        {
            MayRepeat = request => ResilienceHandlerOptions.IsIdempotent(request) || request.Headers.Contains("Idempotency-Key"),
        };
        using var invoker = Invoker(inner, Retries(), options);
        using var keyed = new HttpRequestMessage(HttpMethod.Post, s_uri) { Content = new StringContent("x"), Headers = { { "Idempotency-Key", "1" } } };
        using var first = await invoker.SendAsync(keyed, Stop);
        Assert.Equal(["x", "x", "x", "x"], inner.Bodies);

        using var second = await invoker.SendAsync(new HttpRequestMessage(HttpMethod.Post, s_uri), Stop);
        Assert.Equal(5, inner.Attempts);
    }

    [Fact]
    public async Task WhenAnAttemptWasRedirected_TheNextBeginsWhereTheFirstDid()
    {
        List<string> seen = [];
        using var inner = new ScriptedHandler((attempt, request) =>
        {
            seen.Add($"{request.Method} {request.RequestUri} {request.Headers.Authorization} {request.Content is not null}");

            // What the redirecting handler of the framework leaves behind.
            request.Method = HttpMethod.Get;
            request.RequestUri = new Uri("http://elsewhere/b");
            request.Content = null;
            request.Headers.Authorization = null;
            return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        });
        using var invoker = Invoker(inner, Retries());
        using var request = new HttpRequestMessage(HttpMethod.Put, s_uri)
        {
            Content = new StringContent("x"),
            Headers = { Authorization = new("Bearer", "secret") },
        };
        using var response = await invoker.SendAsync(request, Stop);
        Assert.Equal(Enumerable.Repeat("PUT http://host/a Bearer secret True", 4), seen);
    }

    private static RetryOptions AtOnce() => new() { Backoff = Backoff.Constant(TimeSpan.Zero) };

    private static HttpMessageInvoker Invoker(
        HttpMessageHandler inner, Pipeline<HttpResponseMessage> pipeline, ResilienceHandlerOptions? options = null) =>
        new(new ResilienceHandler(inner, pipeline, options));

    private PipelineBuilder<HttpResponseMessage> Builder() =>
        new PipelineBuilder<HttpResponseMessage> { TimeProvider = _clock }.Classify(new HttpClassifier(_clock));

    private Pipeline<HttpResponseMessage> Retries() => Builder().AddRetry(AtOnce()).Build();

    private sealed class HangingHandler : HttpMessageHandler
    {
        public int Attempts { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Attempts++;
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("Endless.");
        }
    }

    private sealed class VerdictProbe() : Strategy("probe")
    {
        public List<Verdict> Verdicts { get; } = [];

        protected override Exit Leave(ref CallFrame frame, ref Slot slot)
        {
            Verdicts.Add(frame.Verdict);
            return Exit.Continue;
        }
    }

    private sealed class RefuseOnce() : Strategy("refuse once")
    {
        private int _calls;

        protected override Entry TryEnter(ref CallFrame frame, ref Slot slot) =>
            _calls++ == 0 ? frame.Refuse(this, RejectionReason.Refused) : Entry.Go;
    }
}
