using System.Globalization;
using System.Net;
using Resilience.Testing;

namespace Resilience.Http.Tests;

/// <summary>What a retry makes of Retry-After: never early, never shortened.</summary>
public sealed class RetryAfterWaitTests
{
    private readonly ManualClock _clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task WhenSecondsAreGiven_TheNextAttemptIsNotEarly(int status)
    {
        using var inner = Answering(status, "7");
        using var invoker = Invoker(inner, new RetryOptions { Backoff = Backoff.Constant(TimeSpan.FromSeconds(1)) });
        var call = invoker.SendAsync(Get(), Stop);
        _clock.Advance(TimeSpan.FromSeconds(7) - TimeSpan.FromTicks(1));
        Assert.Equal(1, inner.Attempts);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(2, inner.Attempts);
        using var response = await call;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task WhenTheBackoffIsLonger_ItCounts()
    {
        using var inner = Answering(503, "1");
        using var invoker = Invoker(inner, new RetryOptions { Backoff = Backoff.Constant(TimeSpan.FromSeconds(5)) });
        var call = invoker.SendAsync(Get(), Stop);
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(1, inner.Attempts);
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await call).Dispose();
    }

    [Fact]
    public async Task WhenADateIsGiven_TheNextAttemptIsNotEarly_ByTheWallClock()
    {
        _clock.ShiftWallClock(TimeSpan.FromMilliseconds(300));
        var date = _clock.GetUtcNow().AddSeconds(9);
        using var inner = Answering(503, date.ToString("r", CultureInfo.InvariantCulture));
        using var invoker = Invoker(inner, new RetryOptions { Backoff = Backoff.Constant(TimeSpan.Zero) });
        var call = invoker.SendAsync(Get(), Stop);
        _clock.Advance(TimeSpan.FromSeconds(9) - TimeSpan.FromTicks(1));
        Assert.Equal(1, inner.Attempts);
        _clock.Advance(TimeSpan.FromTicks(1));
        (await call).Dispose();
        Assert.Equal(2, inner.Attempts);
    }

    [Fact]
    public async Task WhenTheWallClockJumpsDuringTheWait_TheWaitIsTheSame()
    {
        using var inner = Answering(503, _clock.GetUtcNow().AddSeconds(9).ToString("r", CultureInfo.InvariantCulture));
        using var invoker = Invoker(inner, new RetryOptions { Backoff = Backoff.Constant(TimeSpan.Zero) });
        var call = invoker.SendAsync(Get(), Stop);
        _clock.ShiftWallClock(TimeSpan.FromDays(1));
        _clock.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal(1, inner.Attempts);
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await call).Dispose();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("rubbish")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT")]
    public async Task WhenNoWaitIsNamed_TheBackoffDecides(string value)
    {
        using var inner = Answering(503, value);
        using var invoker = Invoker(inner, new RetryOptions { Backoff = Backoff.Constant(TimeSpan.FromSeconds(2)) });
        var call = invoker.SendAsync(Get(), Stop);
        _clock.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        Assert.Equal(1, inner.Attempts);
        _clock.Advance(TimeSpan.FromTicks(1));
        (await call).Dispose();
        Assert.Equal(2, inner.Attempts);
    }

    [Theory]
    [InlineData("31")]
    [InlineData("1000000000000")]
    [InlineData("99999999999999999999999999999")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    public async Task WhenTheWaitIsBeyondTheCap_ThereIsNoRetry(string value)
    {
        using var inner = Answering(503, value);
        using var invoker = Invoker(inner, new RetryOptions { MaxRetryAfter = TimeSpan.FromSeconds(30) });
        using var response = await invoker.SendAsync(Get(), Stop);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1, 1), (response.StatusCode, inner.Attempts, inner.OpenResponses));
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Theory]
    [InlineData("30")]
    [InlineData("1000000000000")]
    public async Task WhenTheWaitIsBeyondTheDeadline_ThereIsNoRetry(string value)
    {
        using var inner = Answering(503, value);
        var pipeline = Builder()
            .AddTimeout(TimeSpan.FromSeconds(30))
            .AddRetry(new RetryOptions { Backoff = Backoff.Constant(TimeSpan.Zero), MaxRetryAfter = TimeSpan.MaxValue })
            .Build();
        using var invoker = new HttpMessageInvoker(new ResilienceHandler(inner, pipeline));
        using var response = await invoker.SendAsync(Get(), Stop);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (response.StatusCode, inner.Attempts));
    }

    [Fact]
    public async Task WhenGivenTwice_TheLongerWaitCounts()
    {
        using var inner = Answering(503, "2", "6");
        using var invoker = Invoker(inner, new RetryOptions { Backoff = Backoff.Constant(TimeSpan.Zero) });
        var call = invoker.SendAsync(Get(), Stop);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, inner.Attempts);
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await call).Dispose();
    }

    private static HttpRequestMessage Get() => new(HttpMethod.Get, "http://host/");

    private static ScriptedHandler Answering(int status, params string[] retryAfter) => new((attempt, _) =>
    {
        var response = new HttpResponseMessage(attempt == 0 ? (HttpStatusCode)status : HttpStatusCode.OK);
        foreach (var value in attempt == 0 ? retryAfter : [])
        {
            response.Headers.TryAddWithoutValidation("Retry-After", value);
        }

        return response;
    });

    private PipelineBuilder<HttpResponseMessage> Builder() =>
        new PipelineBuilder<HttpResponseMessage> { TimeProvider = _clock }.Classify(new HttpClassifier(_clock));

    private HttpMessageInvoker Invoker(HttpMessageHandler inner, RetryOptions retry) =>
        new(new ResilienceHandler(inner, Builder().AddRetry(retry).Build()));
}
