using System.Net.Sockets;

namespace Resilience.Testing;

/// <summary>One accepted connection: reads a request, plays its answer, and so on until either side ends it.</summary>
internal sealed class FaultConnection
{
    private readonly FaultServer _server;
    private readonly Socket _socket;
    private readonly RequestReader _reader;
    private readonly int _number;
    private TaskCompletionSource? _step;

    /// <summary>Takes an accepted socket over.</summary>
    internal FaultConnection(FaultServer server, Socket socket, int number)
    {
        _server = server;
        _socket = socket;
        _socket.NoDelay = true;
        _reader = new RequestReader(socket, number);
        _number = number;
    }

    /// <inheritdoc/>
    public override string ToString() => $"connection {_number}";

    /// <summary>Serves until the connection ends; ends without an exception whatever the peer does.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        try
        {
            var isOpen = _server.NextOnConnect() is not { } first || await PlayAsync(first, stop).ConfigureAwait(false);
            while (isOpen && await _reader.ReadAsync(stop).ConfigureAwait(false) is { } request)
            {
                isOpen = await PlayAsync(_server.Next(request), stop).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The peer is gone or the server stops; neither leaves anything to serve.
            _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        finally
        {
            _step?.TrySetResult();
            _socket.Dispose();
        }
    }

    // False when the connection is over.
    private async ValueTask<bool> PlayAsync(Answer answer, CancellationToken stop)
    {
        foreach (var step in answer.Steps)
        {
            if (!await PlayAsync(step, stop).ConfigureAwait(false))
            {
                return false;
            }
        }

        _step?.TrySetResult();
        _step = null;
        return true;
    }

    private async ValueTask<bool> PlayAsync(AnswerStep step, CancellationToken stop)
    {
        switch (step.Kind)
        {
            case AnswerStepKind.Send:
                await SendAsync(step.Bytes, stop).ConfigureAwait(false);
                return true;
            case AnswerStepKind.SendForever:
                while (true)
                {
                    await SendAsync(step.Bytes, stop).ConfigureAwait(false);
                }

            case AnswerStepKind.Pause:
                _step?.TrySetResult();
                _step = null;
                _step = await _server.NextStepAsync().ConfigureAwait(false);
                return true;
            case AnswerStepKind.Silence:
                await _reader.DrainAsync(stop).ConfigureAwait(false);
                return false;
            case AnswerStepKind.HalfClose:
                _socket.Shutdown(SocketShutdown.Send);
                await _reader.DrainAsync(stop).ConfigureAwait(false);
                return false;
            case AnswerStepKind.Close:
                _socket.Shutdown(SocketShutdown.Both);
                return false;
            default:
                _socket.LingerState = new LingerOption(enable: true, seconds: 0);
                return false;
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, stop).ConfigureAwait(false)..];
        }
    }
}
