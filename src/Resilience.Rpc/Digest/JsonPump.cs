using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;

namespace Resilience.Rpc;

/// <summary>
/// Leads the tokens of a document from a pipe to a sink. Each segment is read as one span; only a token that lies across segments is read
/// from the sequence. A token that is not complete yet is looked at again only when the bytes have doubled, so that a long one costs no
/// more than twice its length. Not safe for concurrent use; allocates nothing itself.
/// </summary>
internal struct JsonPump
{
    private readonly IJsonSink _sink;
    private readonly int _maxTokenBytes;
    private readonly long _maxBytes;

    // Not readonly: it is what the reader must know of the bytes before.
    private JsonReaderState _state;
    private long _bytes;

    internal JsonPump(IJsonSink sink, int maxDepth, int maxTokenBytes, long maxBytes = long.MaxValue)
    {
        _sink = sink;
        _maxTokenBytes = maxTokenBytes;
        _maxBytes = maxBytes;
        _state = new JsonReaderState(new JsonReaderOptions { MaxDepth = maxDepth });
    }

    /// <summary>Reads the pipe to its end, or to where the outcome is clear. Completing the pipe is the caller's business.</summary>
    internal static async ValueTask<JsonEnd> RunAsync(JsonPump pump, PipeReader pipe, CancellationToken token)
    {
        for (var least = 1L; ;)
        {
            var read = await pipe.ReadAsync(token).ConfigureAwait(false);
            var buffer = read.Buffer;
            if (buffer.Length < least && !read.IsCompleted)
            {
                pipe.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }

            if (pump.Feed(ref buffer, read.IsCompleted) is { } end)
            {
                pipe.AdvanceTo(buffer.End);
                return end;
            }

            // Looked at again when it has doubled, or is longer than it may be.
            least = Math.Min(buffer.Length * 2, pump._maxTokenBytes + 1L);
            pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>Reads what is there.</summary>
    /// <param name="buffer">The bytes; on return those that must come again with more behind them.</param>
    /// <param name="isLast">Whether there is nothing after them.</param>
    /// <returns>How it ended, or null if it goes on.</returns>
    internal JsonEnd? Feed(ref ReadOnlySequence<byte> buffer, bool isLast)
    {
        if (_bytes + buffer.Length > _maxBytes)
        {
            return JsonEnd.TooLong;
        }

        try
        {
            if (!Pass(ref buffer, isLast))
            {
                return JsonEnd.Stopped;
            }
        }
        catch (JsonException)
        {
            return JsonEnd.Malformed;
        }

        return isLast ? JsonEnd.Complete
            : buffer.Length > _maxTokenBytes ? JsonEnd.TokenTooLong
            : null;
    }

    private bool Pass(ref ReadOnlySequence<byte> buffer, bool isLast)
    {
        while (true)
        {
            var span = buffer.FirstSpan;
            var isOnly = span.Length == buffer.Length;
            var isAscii = Ascii.IsValid(span);
            var reader = new Utf8JsonReader(span, isLast && isOnly, _state);
            _sink.Begin(_bytes);
            while (reader.Read())
            {
                if (!_sink.Take(ref reader, isAscii))
                {
                    return false;
                }
            }

            Leave(ref reader, ref buffer);
            if (isOnly)
            {
                return true;
            }

            var bridge = new Utf8JsonReader(buffer, isLast, _state);
            _sink.Begin(_bytes);
            var isWhole = bridge.Read();
            if (isWhole && !_sink.Take(ref bridge, isAscii: false))
            {
                return false;
            }

            Leave(ref bridge, ref buffer);
            if (!isWhole)
            {
                return true;
            }
        }
    }

    private void Leave(ref Utf8JsonReader reader, ref ReadOnlySequence<byte> buffer)
    {
        var consumed = reader.BytesConsumed;
        if (consumed > 0)
        {
            _sink.End(buffer.Slice(0, consumed));
            buffer = buffer.Slice(consumed);
            _bytes += consumed;
        }

        _state = reader.CurrentState;
    }
}
