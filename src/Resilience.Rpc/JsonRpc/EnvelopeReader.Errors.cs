using System.Text;
using System.Text.Json;

namespace Resilience.Rpc;

internal sealed partial class EnvelopeReader
{
    private const int MostMessageBytes = 1_024;
    private const int MostRevertBytes = 128 << 10;
    private bool _isRevertName;

    // A name in the error object, or its end.
    private void TakeErrorName(ref Utf8JsonReader reader, bool isAscii)
    {
        if (!TryName(ref reader, isAscii, _errorNames, out var name))
        {
            return;
        }

        _member = name.SequenceEqual("code"u8) ? Member.Code
            : name.SequenceEqual("message"u8) ? Member.Message
            : name.SequenceEqual("data"u8) ? Member.Data
            : Member.OtherOfError;
        Prepare(_depth + 2);
    }

    // The start or end of the error object, or an array in its place. Whether the member is over.
    private bool TakeErrorEdge(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return false;
            case JsonTokenType.EndObject:
                Envelope.IsErrorWhole = Envelope.HasCode && Envelope.Message is not null;
                return true;
            default:
                Complaint = "The error is an array.";
                return true;
        }
    }

    private void TakeFirstOfError(ref Utf8JsonReader reader, bool isAscii)
    {
        switch (_member)
        {
            case Member.Code:
                Envelope.HasCode = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out Envelope.Code);
                break;
            case Member.Message when reader.TokenType == JsonTokenType.String && _text.TryRead(ref reader, isAscii, out var message):
                Envelope.Message = Encoding.UTF8.GetString(message[..Math.Min(message.Length, MostMessageBytes)]);
                break;
            case Member.Data when reader.TokenType == JsonTokenType.String && _text.TryRead(ref reader, isAscii, out var data):
                Envelope.DataText = Encoding.UTF8.GetString(data[..Math.Min(data.Length, MostMessageBytes)]);
                Envelope.RevertData = Revert.In(data, MostRevertBytes);
                break;
        }
    }

    // Some nodes wrap the revert data in an object, under one of these names.
    private void TakeInsideData(ref Utf8JsonReader reader, bool isAscii)
    {
        if (reader.CurrentDepth != _valueDepth + 1)
        {
            return;
        }

        if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String) || !_text.TryRead(ref reader, isAscii, out var text))
        {
            return;
        }

        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            _isRevertName = text.SequenceEqual("data"u8) || text.SequenceEqual("result"u8) || text.SequenceEqual("output"u8);
        }
        else
        {
            Envelope.DataText ??= Encoding.UTF8.GetString(text[..Math.Min(text.Length, MostMessageBytes)]);
            Envelope.RevertData ??= _isRevertName ? Revert.In(text, MostRevertBytes) : null;
        }
    }
}
