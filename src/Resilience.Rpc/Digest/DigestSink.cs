using System.Buffers;
using System.Text.Json;

namespace Resilience.Rpc;

/// <summary>A whole document as one value.</summary>
internal sealed class DigestSink(DigestBuilder builder) : IJsonSink
{
    internal DigestBuilder Builder => builder;

    public void Begin(long offset)
    {
    }

    public bool Take(ref Utf8JsonReader reader, bool isAscii)
    {
        builder.Add(ref reader, isAscii);
        return builder.Fault == DigestFault.None;
    }

    public void End(ReadOnlySequence<byte> consumed)
    {
    }

    /// <exception cref="JsonException">There is no digest.</exception>
    internal UInt128 Result(JsonEnd end) => end == JsonEnd.Complete ? builder.Digest : throw new JsonException(Reason(end));

    /// <summary>Why a builder gave up, in words.</summary>
    internal static string ReasonFor(DigestFault fault) => fault switch
    {
        DigestFault.DuplicateName => "An object has two members of one name.",
        DigestFault.InvalidText => "A string is not valid UTF-8, or has half of a surrogate pair.",
        DigestFault.ExponentOutOfRange => "A number's exponent has more than 18 digits.",
        _ => "The open objects have more members than MaxOpenMembers.",
    };

    private string Reason(JsonEnd end) => end switch
    {
        JsonEnd.TokenTooLong => "A token is longer than MaxTokenBytes.",
        JsonEnd.Malformed => "It is not one whole JSON value no deeper than MaxDepth.",
        _ => ReasonFor(builder.Fault),
    };
}
