using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Resilience.Testing;

/// <summary>Reads requests off a socket: head, then a body by Content-Length or chunks. Believes what a well-behaved client says.</summary>
internal sealed class RequestReader
{
    private const int BlockSize = 16 * 1024;

    private readonly Socket _socket;
    private readonly int _connection;
    private readonly byte[] _block = new byte[BlockSize];
    private readonly List<byte> _bytes = [];

    /// <summary>A reader of one connection.</summary>
    internal RequestReader(Socket socket, int connection)
    {
        _socket = socket;
        _connection = connection;
    }

    /// <summary>The next request; null when the peer has ended its direction before there was a whole one.</summary>
    internal async ValueTask<ReceivedRequest?> ReadAsync(CancellationToken stop)
    {
        if (await ReadLinesAsync("\r\n\r\n"u8.ToArray(), stop).ConfigureAwait(false) is not { } head)
        {
            return null;
        }

        var request = new ReceivedRequest(_connection, head, []);
        var body = request.Header("Transfer-Encoding") is not null
            ? await ReadChunksAsync(stop).ConfigureAwait(false)
            : await ReadBytesAsync(int.Parse(request.Header("Content-Length") ?? "0", CultureInfo.InvariantCulture), stop).ConfigureAwait(false);
        return body is null ? null : new ReceivedRequest(_connection, head, body);
    }

    /// <summary>Takes in whatever comes until the peer ends its direction.</summary>
    internal async ValueTask DrainAsync(CancellationToken stop)
    {
        while (await _socket.ReceiveAsync(_block, stop).ConfigureAwait(false) > 0)
        {
        }
    }

    private async ValueTask<byte[]?> ReadChunksAsync(CancellationToken stop)
    {
        var body = new List<byte>();
        while (await ReadLinesAsync("\r\n"u8.ToArray(), stop).ConfigureAwait(false) is { } line)
        {
            var size = int.Parse(line.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (await ReadBytesAsync(size + 2, stop).ConfigureAwait(false) is not { } chunk)
            {
                return null;
            }

            if (size == 0)
            {
                return [.. body];
            }

            body.AddRange(chunk.AsSpan(0, size));
        }

        return null;
    }

    private async ValueTask<string?> ReadLinesAsync(byte[] end, CancellationToken stop)
    {
        int length;
        while ((length = IndexOf(end)) < 0)
        {
            if (!await FillAsync(stop).ConfigureAwait(false))
            {
                return null;
            }
        }

        var text = Encoding.UTF8.GetString([.. _bytes.GetRange(0, length)]);
        _bytes.RemoveRange(0, length + end.Length);
        return text;
    }

    private async ValueTask<byte[]?> ReadBytesAsync(int count, CancellationToken stop)
    {
        while (_bytes.Count < count)
        {
            if (!await FillAsync(stop).ConfigureAwait(false))
            {
                return null;
            }
        }

        byte[] bytes = [.. _bytes.GetRange(0, count)];
        _bytes.RemoveRange(0, count);
        return bytes;
    }

    private int IndexOf(ReadOnlySpan<byte> end) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes).IndexOf(end);

    private async ValueTask<bool> FillAsync(CancellationToken stop)
    {
        var count = await _socket.ReceiveAsync(_block, stop).ConfigureAwait(false);
        _bytes.AddRange(_block.AsSpan(0, count));
        return count > 0;
    }
}
