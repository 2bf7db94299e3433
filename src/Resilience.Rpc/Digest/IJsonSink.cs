using System.Buffers;
using System.Text.Json;

namespace Resilience.Rpc;

/// <summary>Takes the tokens of a document one by one.</summary>
internal interface IJsonSink
{
    /// <summary>Says where in the document the bytes of the reader that comes next begin.</summary>
    void Begin(long offset);

    /// <summary>Takes the token at which <paramref name="reader"/> stands.</summary>
    /// <param name="reader">The reader; must not be moved.</param>
    /// <param name="isAscii">Whether the token is known to hold no byte above 127.</param>
    /// <returns>Whether to go on; false stops the reading for good.</returns>
    bool Take(ref Utf8JsonReader reader, bool isAscii);

    /// <summary>Says which bytes the reader consumed.</summary>
    void End(ReadOnlySequence<byte> consumed);
}
