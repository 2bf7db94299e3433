using System.Net;
using Resilience.Testing;

namespace Resilience.Http.Tests;

/// <summary>What a server gets on real sockets when a request is tried again, and what it says about when.</summary>
public sealed class FaultRequestTests : FaultTestBase
{
    [Fact]
    public async Task WhenABodyCanBeSentAgain_TheServerGetsItWholeEachTime()
    {
        Server.Enqueue(Answer.ResetBeforeHeaders, Answer.Status(503), Answer.Status(200));
        using var client = Client(Builder().AddRetry(AtOnce()));
        using var body = new StreamContent(new MemoryStream([.. "a body of some length"u8]));
        using var response = await client.PutAsync(Server.Address, body, Stop);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Enumerable.Repeat("a body of some length", 3), Server.Requests.Select(request => request.Text));
    }

    [Fact]
    public async Task WhenABodyCannotRewind_TheServerGetsItOnce()
    {
        Server.Enqueue(Answer.Status(503));
        using var client = Client(Builder().AddRetry(AtOnce()));
        using var body = new StreamContent(new ForwardStream([.. "once"u8]));
        using var response = await client.PutAsync(Server.Address, body, Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("once", Assert.Single(Server.Requests).Text);
    }

    [Fact]
    public async Task WhenARedirectLedToAFailure_TheNextAttemptBeginsAtItsStart_WithItsCredentials()
    {
        Server.Enqueue(
            Answer.Status(302, ("Location", "/elsewhere")), Answer.Status(503), Answer.Status(302, ("Location", "/elsewhere")), Answer.Status(200));
        using var client = Client(Builder().AddRetry(AtOnce()));
        using var request = new HttpRequestMessage(HttpMethod.Get, Server.Address) { Headers = { Authorization = new("Bearer", "secret") } };
        using var response = await client.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            ["/ Bearer secret", "/elsewhere ", "/ Bearer secret", "/elsewhere "],
            Server.Requests.Select(received => $"{received.Target} {received.Header("Authorization")}"));
    }

    [Theory]
    [InlineData(503, 2, "0")]
    [InlineData(503, 2, "-1")]
    [InlineData(503, 1, "1000000000000")]
    [InlineData(503, 2, "Sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData(503, 1, "Fri, 31 Dec 9999 23:59:59 GMT")]
    [InlineData(503, 2, "soon")]
    [InlineData(503, 1, "0", "1000000000000")]
    [InlineData(503, 2, "soon", "0")]
    [InlineData(429, 2, "0")]
    [InlineData(429, 2, "-1")]
    [InlineData(429, 1, "1000000000000")]
    [InlineData(429, 2, "Sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData(429, 1, "Fri, 31 Dec 9999 23:59:59 GMT")]
    [InlineData(429, 2, "soon")]
    [InlineData(429, 1, "1000000000000", "0")]
    [InlineData(429, 2)]
    public async Task WhenTheServerSaysWhen_OnlyWaitsWithinTheCapAreTaken(int status, int attempts, params string[] retryAfter)
    {
        Server.Enqueue(Answer.Status(status, [.. retryAfter.Select(value => ("Retry-After", value))]));
        using var client = Client(Builder().AddRetry(AtOnce()));
        using var response = await client.GetAsync(Server.Address, Stop);
        Assert.Equal((attempts, attempts == 2), (Attempts, response.IsSuccessStatusCode));
        Assert.Equal(1, Server.Connections);
    }
}
