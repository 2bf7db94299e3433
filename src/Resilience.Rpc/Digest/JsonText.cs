using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Resilience.Rpc;

/// <summary>
/// The bytes of the token at which a reader stands, in one piece and without escapes. Not safe for concurrent use; what it gives is good
/// until the next call. Rents only for a token that lies across segments or has escapes.
/// </summary>
internal struct JsonText
{
    private Scratch _joined;
    private Scratch _unescaped;

    /// <summary>The token as it was written; a string without its quotes.</summary>
    internal ReadOnlySpan<byte> Raw(ref Utf8JsonReader reader)
    {
        if (!reader.HasValueSequence)
        {
            return reader.ValueSpan;
        }

        var sequence = reader.ValueSequence;
        var joined = _joined.Take((int)sequence.Length);
        sequence.CopyTo(joined);
        return joined;
    }

    /// <summary>The text of a string or a name in UTF-8.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="isAscii">Whether the token is known to hold no byte above 127.</param>
    /// <param name="text">The text; empty when there is none.</param>
    /// <returns>Whether there is one: false for invalid UTF-8 and for half of a surrogate pair.</returns>
    internal bool TryRead(ref Utf8JsonReader reader, bool isAscii, out ReadOnlySpan<byte> text)
    {
        text = Raw(ref reader);
        if (!isAscii && !Utf8.IsValid(text))
        {
            text = default;
            return false;
        }

        return !reader.ValueIsEscaped || TryUnescape(ref reader, text.Length, out text);
    }

    internal void Release()
    {
        _joined.Release();
        _unescaped.Release();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryUnescape(ref Utf8JsonReader reader, int length, out ReadOnlySpan<byte> text)
    {
        // An escape is never shorter than the bytes that it stands for.
        var unescaped = _unescaped.Take(length);
        try
        {
            text = unescaped[..reader.CopyString(unescaped)];
            return true;
        }
        catch (InvalidOperationException)
        {
            text = default;
            return false;
        }
    }
}
