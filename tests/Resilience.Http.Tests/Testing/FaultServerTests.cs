using System.Net.Sockets;
using System.Text;
using Resilience.Testing;

namespace Resilience.Http.Tests.Testing;

/// <summary>What the faults look like on the wire, seen with a bare socket.</summary>
public sealed class FaultServerTests : IAsyncDisposable
{
    private const string Get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
    private readonly FaultServer _server = FaultServer.Start();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task WhenNothingIsQueued_AnswersOtherwise_AndKeepsTheRequest()
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes("POST /a?b HTTP/1.1\r\nHOST:  x \r\nContent-Length: 3\r\n\r\nabc"), Stop);
        Assert.Equal("HTTP/1.1 200 Said\r\nContent-Length: 0\r\n\r\n", await ReadAsync(socket, 40));

        var request = Assert.Single(_server.Requests);
        Assert.Equal(("POST", "/a?b", "abc", "x", 1), (request.Method, request.Target, request.Text, request.Header("host"), request.Connection));
        Assert.Null(request.Header("Accept"));
    }

    [Fact]
    public async Task WhenBodyIsChunked_ItIsKeptWithoutFraming_AndTheConnectionServesOn()
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"u8.ToArray(), Stop);
        await ReadAsync(socket, 40);
        await socket.SendAsync(Encoding.ASCII.GetBytes(Get), Stop);
        await ReadAsync(socket, 40);
        Assert.Equal(["abcde", ""], _server.Requests.Select(request => request.Text));
        Assert.Equal(1, _server.Connections);
    }

    [Fact]
    public async Task WhenAnswersAreQueued_TheyComeInOrderAcrossConnections()
    {
        _server.Enqueue(Answer.Status(503, ("Retry-After", "1"), ("Retry-After", "2")), Answer.Status(201, "made"));
        using var first = await ConnectAsync();
        await first.SendAsync(Encoding.ASCII.GetBytes(Get), Stop);
        Assert.EndsWith("\r\nRetry-After: 1\r\nRetry-After: 2\r\n\r\n", await ReadAsync(first, 72), StringComparison.Ordinal);
        using var second = await ConnectAsync();
        await second.SendAsync(Encoding.ASCII.GetBytes(Get), Stop);
        Assert.EndsWith("\r\n\r\nmade", await ReadAsync(second, 44), StringComparison.Ordinal);
        Assert.Equal(2, _server.Connections);
    }

    [Fact]
    public async Task WhenResetOnConnect_NoRequestIsRead()
    {
        _server.Enqueue(Answer.ResetOnConnect);
        Assert.Equal(("", true), await ExchangeAsync());
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task WhenResetBeforeHeaders_TheRequestWasRead()
    {
        _server.Enqueue(Answer.ResetBeforeHeaders);
        Assert.Equal(("", true), await ExchangeAsync());
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task WhenHalfClosed_TheEndComesWithoutAReset_AndTheOtherDirectionStaysOpen()
    {
        _server.Enqueue(Answer.HalfClose);
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes(Get), Stop);
        Assert.Equal(0, await socket.ReceiveAsync(new byte[1], Stop));
        Assert.Equal(1, await socket.SendAsync(new byte[1], Stop));
        Assert.Equal(1, _server.OpenConnections);
    }

    [Fact]
    public async Task WhenContentIsShort_TheEndComesEarly()
    {
        _server.Enqueue(Answer.ShortContent);
        Assert.Equal(("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1234", false), await ExchangeAsync());
    }

    [Fact]
    public async Task WhenChunksHaveNoEnd_TheEndComesEarly()
    {
        _server.Enqueue(Answer.UnendedChunks);
        var (text, isReset) = await ExchangeAsync();
        Assert.EndsWith("4\r\n1234\r\n", text, StringComparison.Ordinal);
        Assert.False(isReset);
    }

    [Fact]
    public async Task WhenEndless_ItEndsWithThePeer()
    {
        _server.Enqueue(Answer.EndlessHeaders);
        using (var socket = await ConnectAsync())
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(Get), Stop);
            await ReadAsync(socket, 200_000);
        }

        await _server.WaitForNoConnectionAsync(Stop);
    }

    [Fact]
    public async Task WhenSilent_ItEndsWithThePeer()
    {
        _server.Enqueue(Answer.SilenceOnConnect);
        (await ConnectAsync()).Dispose();
        await _server.WaitForNoConnectionAsync(Stop);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task WhenDripped_EachStepLetsOneByteGo()
    {
        _server.Enqueue(Answer.Raw("abc").Then("d").Dripped());
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes(Get), Stop);
        foreach (var expected in "abcd")
        {
            Assert.Equal(0, socket.Available);
            await _server.StepAsync(Stop);
            Assert.Equal(expected.ToString(), await ReadAsync(socket, 1));
        }
    }

    [Fact]
    public async Task WhenDisposedWhileServing_EverythingEnds()
    {
        _server.Enqueue(Answer.Silence, Answer.Raw("x").Dripped());
        using var silent = await ConnectAsync();
        await silent.SendAsync(Encoding.ASCII.GetBytes(Get), Stop);
        using var paused = await ConnectAsync();
        await paused.SendAsync(Encoding.ASCII.GetBytes(Get), Stop);
        await _server.DisposeAsync();
        Assert.Equal(0, _server.OpenConnections);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _server.StepAsync(Stop));
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_server.Address.Host, _server.Address.Port, Stop);
        return socket;
    }

    private async Task<(string Text, bool IsReset)> ExchangeAsync()
    {
        var text = new StringBuilder();
        var block = new byte[1024];
        try
        {
            using var socket = await ConnectAsync();
            await socket.SendAsync(Encoding.ASCII.GetBytes(Get), Stop);
            int count;
            while ((count = await socket.ReceiveAsync(block, Stop)) > 0)
            {
                text.Append(Encoding.ASCII.GetString(block, 0, count));
            }

            return (text.ToString(), false);
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            return (text.ToString(), true);
        }
    }

    private static async Task<string> ReadAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count;)
        {
            var read = await socket.ReceiveAsync(bytes.AsMemory(at), Stop);
            Assert.NotEqual(0, read);
            at += read;
        }

        return Encoding.ASCII.GetString(bytes);
    }
}
