using System.Text;

namespace Resilience.Testing;

/// <summary>A request as the bytes that came in. Immutable.</summary>
public sealed class ReceivedRequest
{
    private readonly string[] _head;

    internal ReceivedRequest(int connection, string head, byte[] body)
    {
        Connection = connection;
        Head = head;
        Body = body;
        _head = head.Split("\r\n");
    }

    /// <summary>The number of the connection that it came on, from 1.</summary>
    public int Connection { get; }

    /// <summary>The request line and the header lines, with the line ends between them.</summary>
    public string Head { get; }

    /// <summary>The body, without its chunk framing.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The body as UTF-8 text.</summary>
    public string Text => Encoding.UTF8.GetString(Body.Span);

    /// <summary>The method.</summary>
    public string Method => _head[0].Split(' ')[0];

    /// <summary>The target, as it stands in the request line.</summary>
    public string Target => _head[0].Split(' ') is [_, var target, ..] ? target : "";

    /// <summary>The value of a header, of the first line that has its name; null if none has.</summary>
    /// <param name="name">The name, in any case.</param>
    public string? Header(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (var line in _head.AsSpan(1))
        {
            if (line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return line[(name.Length + 1)..].Trim();
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_head[0]} ({Body.Length} B, connection {Connection})";
}
