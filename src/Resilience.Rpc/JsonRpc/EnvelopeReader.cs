using System.Text.Json;

namespace Resilience.Rpc;

/// <summary>
/// Reads one answer object, token by token: the members that the specification names, the error, and the result's bounds and digest. What
/// lies inside other members passes unseen. Not safe for concurrent use.
/// </summary>
internal sealed partial class EnvelopeReader(JsonRpcOptions options, DigestBuilder? builder)
{
    private readonly NameGuard _names = new();
    private readonly NameGuard _errorNames = new();
    private JsonText _text;
    private Member _member;
    private int _depth;
    private int _valueDepth;
    private long _firstId;
    private int _count;

    private enum Member
    {
        None,
        Version,
        Id,
        Result,
        Error,
        Other,
        Code,
        Message,
        Data,
        OtherOfError,
    }

    /// <summary>What was read. Not readonly: filled in place.</summary>
    internal Envelope Envelope;

    /// <summary>Why the whole document cannot be an answer; null if nothing is wrong.</summary>
    internal string? Complaint { get; private set; }

    /// <summary>Starts on the object whose start token stands at <paramref name="depth"/>.</summary>
    internal void Start(int depth, long firstId, int count)
    {
        Envelope = new Envelope { Index = Envelope.Unknown };
        _names.Reset();
        _member = Member.None;
        _depth = depth;
        _firstId = firstId;
        _count = count;
    }

    /// <summary>Gives back what was rented.</summary>
    internal void Release() => _text.Release();

    /// <summary>Takes a token inside the object, or the one that ends it.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="isAscii">Whether the token is known to hold no byte above 127.</param>
    /// <param name="offset">Where in the document the reader's bytes begin.</param>
    /// <returns>Whether the object is over, or <see cref="Complaint"/> says what is wrong.</returns>
    internal bool Take(ref Utf8JsonReader reader, bool isAscii, long offset)
    {
        if (_member == Member.Result && reader.CurrentDepth > _valueDepth)
        {
            return TakeInsideResult(ref reader, isAscii);
        }

        if (_member == Member.None)
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                return true;
            }

            _member = TryName(ref reader, isAscii, _names, out var name) ? Named(name) : Member.Other;
            Prepare(_depth + 1);
        }
        else if (_member == Member.Error && reader.CurrentDepth > _depth + 1)
        {
            TakeErrorName(ref reader, isAscii);
        }
        else if (TakeValue(ref reader, isAscii, offset))
        {
            _member = _member >= Member.Code ? Member.Error : Member.None;
        }

        return Complaint is not null;
    }

    private static Member Named(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("jsonrpc"u8) ? Member.Version
        : name.SequenceEqual("id"u8) ? Member.Id
        : name.SequenceEqual("result"u8) ? Member.Result
        : name.SequenceEqual("error"u8) ? Member.Error
        : Member.Other;

    private bool TryName(ref Utf8JsonReader reader, bool isAscii, NameGuard guard, out ReadOnlySpan<byte> name)
    {
        if (!_text.TryRead(ref reader, isAscii, out name))
        {
            Complaint = "A name is not valid UTF-8, or has half of a surrogate pair.";
            return false;
        }

        if (!guard.TryAdd(name))
        {
            Complaint = "A name comes twice in one object, or there are too many.";
            return false;
        }

        return true;
    }

    private void Prepare(int valueDepth)
    {
        _valueDepth = valueDepth;
        builder?.Reset();
    }

    // Where nearly all tokens pass, and where the result cannot be over.
    private bool TakeInsideResult(ref Utf8JsonReader reader, bool isAscii)
    {
        if (builder is null || !builder.Add(ref reader, isAscii))
        {
            return false;
        }

        Complaint = DigestSink.ReasonFor(builder.Fault);
        return true;
    }

    // Whether the member's value is over.
    private bool TakeValue(ref Utf8JsonReader reader, bool isAscii, long offset)
    {
        var isFirst = reader.CurrentDepth == _valueDepth
            && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray or JsonTokenType.PropertyName);
        if (isFirst)
        {
            TakeFirst(ref reader, isAscii, offset);
        }

        // A scalar in the error's place is of no use, and checked as any other value.
        if (_member == Member.Error && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.EndObject or JsonTokenType.StartArray)
        {
            return TakeErrorEdge(ref reader);
        }

        if (_member == Member.Data && !isFirst)
        {
            TakeInsideData(ref reader, isAscii);
        }

        var isOver = builder is null
            ? reader.CurrentDepth == _valueDepth && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)
            : builder.Add(ref reader, isAscii);
        if (builder is { Fault: not DigestFault.None })
        {
            Complaint = DigestSink.ReasonFor(builder.Fault);
        }

        if (isOver && _member == Member.Result)
        {
            Envelope.ResultEnd = offset + reader.BytesConsumed;
            Envelope.ResultDigest = builder?.Digest ?? default;
        }

        return isOver;
    }

    private void TakeFirst(ref Utf8JsonReader reader, bool isAscii, long offset)
    {
        switch (_member)
        {
            case Member.Version:
                Envelope.HasVersion = true;
                Envelope.IsVersionRight = reader.TokenType == JsonTokenType.String
                    && _text.TryRead(ref reader, isAscii, out var version) && version.SequenceEqual("2.0"u8);
                break;
            case Member.Id:
                Envelope.HasId = true;
                Envelope.IsIdNull = reader.TokenType == JsonTokenType.Null;
                Envelope.Index = IsId(ref reader) ? IdToken.IndexOf(_text.Raw(ref reader), _firstId, _count) : Envelope.Unknown;
                break;
            case Member.Result:
                Envelope.HasResult = true;
                Envelope.IsResultNull = reader.TokenType == JsonTokenType.Null;
                Envelope.ResultStart = offset + reader.TokenStartIndex;
                break;
            case Member.Error:
                Envelope.HasError = true;
                Envelope.IsErrorNull = reader.TokenType == JsonTokenType.Null;
                _errorNames.Reset();
                break;
            default:
                TakeFirstOfError(ref reader, isAscii);
                break;
        }
    }

    private bool IsId(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number
        || (reader.TokenType == JsonTokenType.String && options.Forgives(JsonRpcLeniency.StringId));
}
