using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Resilience.Testing;

namespace Resilience.Http.Tests;

public sealed class RegistrationTests
{
    private static readonly RetryOptions s_atOnce = new() { Backoff = Backoff.Constant(TimeSpan.Zero) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenRegistered_TheClientGoesThroughThePipeline()
    {
        using var inner = new ScriptedHandler(HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK);
        var services = new ServiceCollection();
        services.AddHttpClient("x").AddResilience(b => b.AddRetry(s_atOnce)).ConfigurePrimaryHttpMessageHandler(() => inner);
        await using var provider = services.BuildServiceProvider();
        using var response = await provider.GetRequiredService<IHttpClientFactory>().CreateClient("x").GetAsync("http://host/", Stop);
        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, inner.Attempts));
    }

    [Fact]
    public void WhenHandlersAreRecycled_ThePipelineStays()
    {
        var built = new List<PipelineBuilder<HttpResponseMessage>>();
        var services = new ServiceCollection();
        services.AddHttpClient("x").AddResilience(built.Add);
        services.AddHttpClient("y").AddResilience(built.Add).AddResilience(built.Add);
        using var provider = services.BuildServiceProvider();
        for (var generation = 0; generation < 3; generation++)
        {
            Assert.Single(HandlerGeneration.Of(provider, "x"));
            Assert.Equal(2, HandlerGeneration.Of(provider, "y").Count);
        }

        Assert.Equal(["x", "y", "y"], built.Select(builder => builder.Name));
    }

    [Fact]
    public void WhenTwoProvidersAreBuiltFromTheSameServices_EachHasItsOwnPipeline()
    {
        var built = 0;
        var services = new ServiceCollection();
        services.AddHttpClient("x").AddResilience(_ => built++);
        using var first = services.BuildServiceProvider();
        using var second = services.BuildServiceProvider();
        HandlerGeneration.Of(first, "x");
        HandlerGeneration.Of(second, "x");
        Assert.Equal(2, built);
    }

    [Fact]
    public void WhenServicesHaveATimeProvider_ItIsTaken_UnlessTheBuilderIsGivenAnother()
    {
        var clock = new ManualClock();
        var other = new ManualClock();
        var seen = new List<TimeProvider>();
        var services = new ServiceCollection().AddSingleton<TimeProvider>(clock);
        services.AddHttpClient("x").AddResilience((b, _) => seen.Add(b.TimeProvider));
        services.AddHttpClient("y").AddResilience(b => b.TimeProvider = other);
        using var provider = services.BuildServiceProvider();
        HandlerGeneration.Of(provider, "x");
        HandlerGeneration.Of(provider, "y");
        Assert.Same(clock, Assert.Single(seen));
    }

    [Fact]
    public async Task WhenTheBuilderIsGivenATimeProvider_DatesAreComparedWithItsWallClock()
    {
        var clock = new ManualClock(new DateTimeOffset(1994, 11, 6, 8, 49, 30, TimeSpan.Zero));
        using var inner = new ScriptedHandler((attempt, _) => new HttpResponseMessage(attempt == 0 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK)
        {
            Headers = { RetryAfter = new(new DateTimeOffset(1994, 11, 6, 8, 49, 37, TimeSpan.Zero)) },
        });
        var services = new ServiceCollection();
        services.AddHttpClient("x")
            .AddResilience(b =>
            {
                b.TimeProvider = clock;
                b.AddRetry(s_atOnce);
            })
            .ConfigurePrimaryHttpMessageHandler(() => inner);
        await using var provider = services.BuildServiceProvider();
        var call = provider.GetRequiredService<IHttpClientFactory>().CreateClient("x").GetAsync("http://host/", Stop);
        clock.Advance(TimeSpan.FromSeconds(7) - TimeSpan.FromTicks(1));
        Assert.Equal(1, inner.Attempts);
        clock.Advance(TimeSpan.FromTicks(1));
        (await call).Dispose();
        Assert.Equal(2, inner.Attempts);
    }

    [Fact]
    public void WhenConfiguringFails_TheFailureIsSeen_AndTheNextHandlerTriesAnew()
    {
        var calls = 0;
        var services = new ServiceCollection();
        services.AddHttpClient("x").AddResilience(b =>
        {
            if (calls++ == 0)
            {
                throw new InvalidOperationException("Not yet.");
            }
        });
        using var provider = services.BuildServiceProvider();
        Assert.Throws<InvalidOperationException>(() => HandlerGeneration.Of(provider, "x"));
        Assert.Single(HandlerGeneration.Of(provider, "x"));
    }

    [Fact]
    public void WhenArgumentIsNull_ItIsNamed()
    {
        var client = new ServiceCollection().AddHttpClient("x");
        Assert.Throws<ArgumentNullException>("builder", () => HttpClientBuilderExtensions.AddResilience(null!, _ => { }));
        Assert.Throws<ArgumentNullException>("configure", () => client.AddResilience((Action<PipelineBuilder<HttpResponseMessage>>)null!));
        Assert.Throws<ArgumentNullException>(
            "configure", () => client.AddResilience((Action<PipelineBuilder<HttpResponseMessage>, IServiceProvider>)null!));
        Assert.Throws<ArgumentNullException>(
            "MayRepeat", () => client.AddResilience(_ => { }, new ResilienceHandlerOptions { MayRepeat = null! }));
    }
}
