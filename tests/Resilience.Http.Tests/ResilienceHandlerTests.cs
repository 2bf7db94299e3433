using System.Net;
using Resilience.Testing;

namespace Resilience.Http.Tests;

public sealed class ResilienceHandlerTests
{
    private static readonly Uri s_uri = new("http://host/a");
    private readonly ManualClock _clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenOutcomeIsTransient_TriesAgain_AndDisposesWhatItDiscards()
    {
        using var inner = new ScriptedHandler(HttpStatusCode.ServiceUnavailable, HttpStatusCode.BadGateway, HttpStatusCode.OK);
        using var invoker = Invoker(inner, Retries());
        var response = await invoker.SendAsync(Get(), Stop);
        Assert.Equal((HttpStatusCode.OK, 3, 1), (response.StatusCode, inner.Attempts, inner.OpenResponses));
        Assert.Equal("said", await response.Content.ReadAsStringAsync(Stop));
        response.Dispose();
        Assert.Equal(0, inner.OpenResponses);
    }

    [Fact]
    public async Task WhenRetriesAreSpent_TheLastResponseIsGiven_Open()
    {
        using var inner = new ScriptedHandler(HttpStatusCode.ServiceUnavailable);
        using var invoker = Invoker(inner, Retries());
        using var response = await invoker.SendAsync(Get(), Stop);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 4, 1), (response.StatusCode, inner.Attempts, inner.OpenResponses));
    }

    [Fact]
    public async Task WhenAttemptsThrow_TheLastExceptionIsThrown()
    {
        using var inner = new ScriptedHandler((attempt, _) => throw new HttpRequestException($"{attempt}"));
        using var invoker = Invoker(inner, Retries());
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => invoker.SendAsync(Get(), Stop));
        Assert.Equal(("3", 4), (error.Message, inner.Attempts));
    }

    [Fact]
    public void WhenSynchronous_TriesAgain_AndDisposesWhatItDiscards()
    {
        using var inner = new ScriptedHandler(HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK);
        using var invoker = Invoker(inner, Retries());
        using var request = new HttpRequestMessage(HttpMethod.Put, s_uri) { Content = new StringContent("x") };
        using var response = invoker.Send(request, Stop);
        Assert.Equal((HttpStatusCode.OK, 2, 1), (response.StatusCode, inner.Attempts, inner.OpenResponses));
        Assert.Equal(["x", "x"], inner.Bodies);
    }

    [Fact]
    public async Task WhenCallerCancelsDuringTheWait_TheCallEnds_AndNothingStaysOpen()
    {
        using var inner = new ScriptedHandler(HttpStatusCode.ServiceUnavailable);
        using var invoker = Invoker(inner, Builder().AddRetry(new RetryOptions { Backoff = Backoff.Constant(TimeSpan.FromHours(1)) }).Build());
        using var caller = new CancellationTokenSource();
        var call = invoker.SendAsync(Get(), caller.Token);
        Assert.False(call.IsCompleted);
        await caller.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(caller.Token, error.CancellationToken);
        Assert.Equal((1, 0), (inner.Attempts, inner.OpenResponses));
    }

    [Fact]
    public async Task WhenTheCalleeGivesUpByItself_ItIsItsOwnFailure()
    {
        using var inner = new ScriptedHandler((attempt, _) =>
            attempt == 0 ? throw new TaskCanceledException("HttpClient.Timeout", new TimeoutException()) : new HttpResponseMessage());
        using var invoker = Invoker(inner, Retries());
        using var response = await invoker.SendAsync(Get(), Stop);
        Assert.Equal(2, inner.Attempts);
    }

    [Fact]
    public async Task WhenCallerHasCancelledBefore_NothingIsSent()
    {
        using var inner = new ScriptedHandler(HttpStatusCode.OK);
        using var invoker = Invoker(inner, Retries());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => invoker.SendAsync(Get(), new CancellationToken(canceled: true)));
        Assert.Equal(0, inner.Attempts);
    }

    [Fact]
    public async Task WhenDisposed_SaysSo()
    {
        var inner = new ScriptedHandler(HttpStatusCode.OK);
        var handler = new ResilienceHandler(inner, Retries());
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        handler.Dispose();
        Assert.True(inner.IsDisposed);
        var error = await Assert.ThrowsAsync<ObjectDisposedException>(() => invoker.SendAsync(Get(), Stop));
        Assert.Equal(typeof(ResilienceHandler).FullName, error.ObjectName);
        Assert.Throws<ObjectDisposedException>(() => invoker.Send(Get(), Stop));
        Assert.Equal(0, inner.Attempts);
        handler.Dispose();
    }

    [Fact]
    public void WhenArgumentIsNull_ItIsNamed()
    {
        using var inner = new ScriptedHandler(HttpStatusCode.OK);
        Assert.Throws<ArgumentNullException>("pipeline", () => new ResilienceHandler(null!));
        Assert.Throws<ArgumentNullException>("innerHandler", () => new ResilienceHandler(null!, Retries()));
        Assert.Throws<ArgumentNullException>("MayRepeat", () => new ResilienceHandler(inner, Retries(), new ResilienceHandlerOptions { MayRepeat = null! }));
        Assert.Throws<ArgumentNullException>("CanReplay", () => new ResilienceHandler(inner, Retries(), new ResilienceHandlerOptions { CanReplay = null! }));
    }

    private static HttpRequestMessage Get() => new(HttpMethod.Get, s_uri);

    private static RetryOptions AtOnce() => new() { Backoff = Backoff.Constant(TimeSpan.Zero) };

    private static HttpMessageInvoker Invoker(
        HttpMessageHandler inner, Pipeline<HttpResponseMessage> pipeline, ResilienceHandlerOptions? options = null) =>
        new(new ResilienceHandler(inner, pipeline, options));

    private PipelineBuilder<HttpResponseMessage> Builder() =>
        new PipelineBuilder<HttpResponseMessage> { TimeProvider = _clock }.Classify(new HttpClassifier(_clock));

    private Pipeline<HttpResponseMessage> Retries() => Builder().AddRetry(AtOnce()).Build();
}
