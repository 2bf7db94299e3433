using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Resilience.Testing;

namespace Resilience.Http.Tests;

public sealed class StandardResilienceTests
{
    private readonly ManualClock _clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void ThePipeline_IsAsItIsDocumented()
    {
        var strategies = new PipelineBuilder<HttpResponseMessage>().AddStandard().Build().Strategies;
        Assert.Equal(["total timeout", "retry", "circuit breaker", "attempt timeout"], strategies.Select(strategy => strategy.Name));
        Assert.Equal(TimeSpan.FromSeconds(30), Assert.IsType<TimeoutOptions>(strategies[0].Options).Timeout);
        Assert.Equal(TimeSpan.FromSeconds(10), Assert.IsType<TimeoutOptions>(strategies[3].Options).Timeout);

        var retry = Assert.IsType<RetryOptions>(strategies[1].Options);
        var backoff = Backoff.Exponential(TimeSpan.FromSeconds(2)).WithJitter(Jitter.Full).WithCap(TimeSpan.FromSeconds(30));
        Assert.Equal((3, TimeSpan.FromSeconds(30), backoff.ToString()), (retry.MaxRetries, retry.MaxRetryAfter, retry.Backoff.ToString()));

        var breaker = Assert.IsType<CircuitBreakerOptions>(strategies[2].Options);
        Assert.Equal((0.1, 100, TimeSpan.FromSeconds(5)), (breaker.FailureRatio, breaker.MinimumCalls, breaker.BreakDuration));
        Assert.True(breaker.Window.IsTime);
    }

    [Fact]
    public async Task WhenATenthOfAHundredAttemptsFailed_TheCircuitOpens_AndClosesAfterAGoodProbe()
    {
        var failing = true;
        using var inner = new ScriptedHandler((attempt, _) =>
            new HttpResponseMessage(failing && attempt % 10 == 0 ? HttpStatusCode.InternalServerError : HttpStatusCode.OK));
        await using var services = Services(inner);
        var client = Client(services);
        for (var i = 0; i < 100; i++)
        {
            (await client.PostAsync("http://host/", null, Stop)).Dispose();
        }

        var refused = await Assert.ThrowsAsync<RejectedException>(() => client.PostAsync("http://host/", null, Stop));
        Assert.Equal((RejectionReason.CircuitOpen, 100), (refused.Reason, inner.Attempts));
        Assert.InRange(refused.RetryAfter, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5));

        failing = false;
        _clock.Advance(TimeSpan.FromSeconds(5));
        (await client.PostAsync("http://host/", null, Stop)).Dispose();
        (await client.PostAsync("http://host/", null, Stop)).Dispose();
        Assert.Equal((102, 0), (inner.Attempts, inner.OpenResponses));
    }

    [Fact]
    public async Task WhenHandlersAreRecycled_TheCircuitStaysOpen()
    {
        using var inner = new ScriptedHandler(HttpStatusCode.InternalServerError);
        await using var services = Services(inner);
        for (var i = 0; i < 100; i++)
        {
            // A handler of its own for each request, as after a hundred lifetimes.
            using var invoker = NewHandler(services, inner);
            (await invoker.SendAsync(new HttpRequestMessage(HttpMethod.Post, "http://host/"), Stop)).Dispose();
        }

        using var next = NewHandler(services, inner);
        await Assert.ThrowsAsync<RejectedException>(() => next.SendAsync(new HttpRequestMessage(HttpMethod.Post, "http://host/"), Stop));
        await Assert.ThrowsAsync<RejectedException>(() => Client(services).PostAsync("http://host/", null, Stop));
        Assert.Equal(100, inner.Attempts);
    }

    [Fact]
    public async Task WhenAProbeIsCancelledOrTimesOut_ItsPermitComesBack()
    {
        await using var server = FaultServer.Start();
        server.Otherwise = Answer.Silence;
        var breaker = new CircuitBreaker(new CircuitBreakerOptions { ConsecutiveFailures = 1 }, _clock);
        var pipeline = new PipelineBuilder<HttpResponseMessage> { TimeProvider = _clock }
            .Classify(new HttpClassifier(_clock))
            .AddCircuitBreaker(breaker)
            .AddTimeout(TimeSpan.FromSeconds(10))
            .Build();
        using var client = new HttpClient(new ResilienceHandler(new SocketsHttpHandler(), pipeline)) { Timeout = Timeout.InfiniteTimeSpan };

        await EndsAsync<TimeoutRejectedException>(() => _clock.Advance(TimeSpan.FromSeconds(10)), default);
        Assert.Equal(CircuitState.Open, breaker.State);
        await Assert.ThrowsAsync<RejectedException>(() => client.GetAsync(server.Address, Stop));

        // The cancelled probe says nothing: the next one is admitted at once, and its timeout opens the circuit again.
        _clock.Advance(TimeSpan.FromSeconds(5));
        using var caller = new CancellationTokenSource();
        await EndsAsync<TaskCanceledException>(caller.Cancel, caller.Token);
        Assert.Equal(CircuitState.HalfOpen, breaker.State);
        await EndsAsync<TimeoutRejectedException>(() => _clock.Advance(TimeSpan.FromSeconds(10)), default);
        Assert.Equal(CircuitState.Open, breaker.State);

        _clock.Advance(TimeSpan.FromSeconds(5));
        server.Otherwise = Answer.Status(200);
        (await client.GetAsync(server.Address, Stop)).Dispose();
        Assert.Equal(CircuitState.Closed, breaker.State);
        Assert.Equal(4, server.Requests.Count);

        async Task EndsAsync<TException>(Action end, CancellationToken token)
            where TException : Exception
        {
            var before = server.Requests.Count;
            var call = client.GetAsync(server.Address, token);
            await server.WaitForRequestsAsync(before + 1, Stop);
            end();
            await Assert.ThrowsAsync<TException>(() => call);
        }
    }

    [Fact]
    public void WhenAnOptionIsWrong_ItIsNamedAtRegistration()
    {
        var client = new ServiceCollection().AddHttpClient("x");
        var error = Assert.Throws<ArgumentOutOfRangeException>("AttemptTimeout", () => client.AddStandardResilience(
            new() { AttemptTimeout = TimeSpan.FromSeconds(31) }));
        Assert.Contains("00:00:31", error.Message, StringComparison.Ordinal);
        Assert.Contains("00:00:30", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("Timeout", () => client.AddStandardResilience(
            new() { TotalTimeout = TimeSpan.Zero, AttemptTimeout = TimeSpan.Zero }));
        Assert.Throws<ArgumentOutOfRangeException>("Timeout", () => client.AddStandardResilience(new() { AttemptTimeout = TimeSpan.FromTicks(-1) }));
        Assert.Throws<ArgumentOutOfRangeException>("MaxRetries", () => client.AddStandardResilience(new() { Retry = new() { MaxRetries = -1 } }));
        Assert.Throws<ArgumentNullException>("Retry", () => client.AddStandardResilience(new() { Retry = null! }));
        Assert.Throws<ArgumentNullException>("CircuitBreaker", () => client.AddStandardResilience(new() { CircuitBreaker = null! }));
        Assert.Throws<ArgumentNullException>("Requests", () => client.AddStandardResilience(new() { Requests = null! }));
        Assert.ThrowsAny<ArgumentException>(() => client.AddStandardResilience(new() { CircuitBreaker = new() { FailureRatio = double.NaN } }));
        Assert.Throws<ArgumentNullException>("builder", () => HttpClientBuilderExtensions.AddStandardResilience(null!));
        Assert.Throws<ArgumentNullException>("builder", () => HttpPipelineExtensions.AddStandard(null!));
    }

    private static HttpClient Client(IServiceProvider services) => services.GetRequiredService<IHttpClientFactory>().CreateClient("x");

    private static HttpMessageInvoker NewHandler(IServiceProvider services, HttpMessageHandler inner)
    {
        var handler = Assert.Single(HandlerGeneration.Of(services, "x"));
        handler.InnerHandler = inner;
        return new HttpMessageInvoker(handler, disposeHandler: false);
    }

    private ServiceProvider Services(HttpMessageHandler inner)
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(_clock);
        services.AddHttpClient("x").AddStandardResilience().ConfigurePrimaryHttpMessageHandler(() => inner);
        return services.BuildServiceProvider();
    }
}
