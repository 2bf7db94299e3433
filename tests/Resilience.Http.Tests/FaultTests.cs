using System.Net;
using System.Net.Sockets;
using Resilience.Testing;

namespace Resilience.Http.Tests;

/// <summary>HttpClient on real sockets against a server that breaks byte by byte.</summary>
public sealed class FaultTests : FaultTestBase
{
    public static TheoryData<string> BreaksBeforeTheResponse => ["reset on connect", "reset before headers", "reset within headers", "garbage"];

    public static TheoryData<string> BreaksInTheBody => ["reset after headers", "short content", "unended chunks"];

    [Theory]
    [MemberData(nameof(BreaksBeforeTheResponse))]
    public async Task WhenTheConnectionBreaksBeforeTheResponse_TriesAgain(string fault)
    {
        Server.Enqueue(Named(fault), Named(fault), Answer.Status(200, "whole"));
        using var client = Client(Builder().AddRetry(AtOnce()));
        Assert.Equal("whole", await client.GetStringAsync(Server.Address, Stop));
        Assert.Equal((3, 3), (Attempts, Server.Connections));
    }

    [Theory]
    [MemberData(nameof(BreaksBeforeTheResponse))]
    public async Task WhenItBreaksEachTime_TheLastExceptionIsThrown(string fault)
    {
        Server.Otherwise = Named(fault);
        Server.Enqueue(Named(fault), Named(fault), Named(fault), Named(fault));
        using var client = Client(Builder().AddRetry(AtOnce()));
        await BreaksAsync(() => client.GetAsync(Server.Address, Stop));
        Assert.Equal((4, 4), (Attempts, Server.Connections));
    }

    [Theory]
    [MemberData(nameof(BreaksBeforeTheResponse))]
    public async Task WhenItBreaksForAnUnsafeMethod_OneAttempt(string fault)
    {
        Server.Enqueue(Named(fault));
        using var client = Client(Builder().AddRetry(AtOnce()));
        await BreaksAsync(() => client.PostAsync(Server.Address, new StringContent("order"), Stop));
        Assert.Equal((1, 1), (Attempts, Server.Connections));
    }

    [Theory]
    [MemberData(nameof(BreaksInTheBody))]
    public async Task WhenTheBodyBreaks_TheAttemptHasEndedWell_AndTheReaderIsTold(string fault)
    {
        Server.Enqueue(Named(fault));
        using var client = Client(Builder().AddRetry(AtOnce()));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(Server.Address, Stop));
        Assert.Equal((1, 1), (Attempts, Server.Connections));
    }

    [Fact]
    public async Task WhenABodyOfADiscardedResponseNeverEnds_ItsConnectionIsGivenUp()
    {
        Server.Enqueue(Answer.Raw("HTTP/1.1 503 Said\r\nTransfer-Encoding: chunked\r\n\r\n").ThenForever("4\r\n1234\r\n"), Answer.Status(200, "whole"));
        using (var client = Client(Builder().AddRetry(AtOnce())))
        {
            Assert.Equal("whole", await client.GetStringAsync(Server.Address, Stop));
            Assert.Equal((2, 2), (Attempts, Server.Connections));
        }

        await Server.WaitForNoConnectionAsync(Stop);
    }

    [Fact]
    public async Task WhenHeadersNeverEnd_OneAttempt()
    {
        Server.Enqueue(Answer.EndlessHeaders);
        using var client = Client(Builder().AddRetry(AtOnce()));
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(Server.Address, Stop));
        Assert.Equal((HttpRequestError.ConfigurationLimitExceeded, 1), (error.HttpRequestError, Attempts));
        await Server.WaitForNoConnectionAsync(Stop);
    }

    // The framework's handler sends a request four times by itself when connections end in good order without a byte.
    [Fact]
    public async Task WhenTheServerEndsItsDirection_TheFrameworkResendsWithinAnAttempt_AndTheRetryAfterIt()
    {
        Server.Otherwise = Answer.HalfClose;
        using var client = Client(Builder().AddRetry(AtOnce() with { MaxRetries = 1 }));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(Server.Address, Stop));
        Assert.Equal((2, 8), (Attempts, Server.Requests.Count));
        await Server.WaitForNoConnectionAsync(Stop);
    }

    [Fact]
    public async Task WhenAKeptConnectionIsStale_TheFrameworkOpensAnother_WithinTheAttempt()
    {
        Server.Enqueue(Answer.Status(200), Answer.Raw("").ThenClose(), Answer.Status(200, "whole"));
        using var client = Client(Builder().AddRetry(AtOnce()));
        (await client.GetAsync(Server.Address, Stop)).Dispose();
        Assert.Equal("whole", await client.GetStringAsync(Server.Address, Stop));
        Assert.Equal((2, 3, 2), (Attempts, Server.Requests.Count, Server.Connections));
    }

    [Fact]
    public async Task WhenAKeptConnectionIsReset_TheRetryOpensAnother()
    {
        Server.Enqueue(Answer.Status(200), Answer.ResetBeforeHeaders, Answer.Status(200, "whole"));
        using var client = Client(Builder().AddRetry(AtOnce()));
        (await client.GetAsync(Server.Address, Stop)).Dispose();
        Assert.Equal("whole", await client.GetStringAsync(Server.Address, Stop));
        Assert.Equal((3, 3, 2), (Attempts, Server.Requests.Count, Server.Connections));
    }

    [Fact]
    public void WhenSynchronous_TriesAgain()
    {
        Server.Enqueue(Answer.ResetBeforeHeaders, Answer.Status(503), Answer.Status(200, "whole"));
        using var client = Client(Builder().AddRetry(AtOnce()));
        using var response = client.Send(new HttpRequestMessage(HttpMethod.Get, Server.Address), Stop);
        Assert.Equal((HttpStatusCode.OK, 3), (response.StatusCode, Attempts));
    }

    // A reset between connecting and asking for the peer's address leaves the framework's handler as a bare SocketException.
    private static async Task BreaksAsync(Func<Task> call)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(call);
        Assert.True(error is HttpRequestException or SocketException, error.ToString());
    }

    private static Answer Named(string fault) => fault switch
    {
        "reset on connect" => Answer.ResetOnConnect,
        "reset before headers" => Answer.ResetBeforeHeaders,
        "reset within headers" => Answer.ResetWithinHeaders,
        "garbage" => Answer.Raw("nonsense\r\n\r\n").ThenClose(),
        "reset after headers" => Answer.ResetAfterHeaders,
        "short content" => Answer.ShortContent,
        _ => Answer.UnendedChunks,
    };
}
