using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Resilience.Rpc;

internal sealed partial class DigestBuilder
{
    private const ulong Negative = 1 << 8;
    private const int InlineNumber = 128;

    private readonly SipHash _emptyString = new(key, (ulong)JsonTokenType.String);
    private readonly Hash128 _true = SipHash.Of(key, (ulong)JsonTokenType.True, default);
    private readonly Hash128 _false = SipHash.Of(key, (ulong)JsonTokenType.False, default);
    private readonly Hash128 _null = SipHash.Of(key, (ulong)JsonTokenType.Null, default);

    private Hash128 Scalar(ref Utf8JsonReader reader, bool isAscii, PathRoles roles)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return String(ref reader, isAscii, roles);
            case JsonTokenType.Number:
                return Number(_text.Raw(ref reader));
            case JsonTokenType.True:
                return _true;
            case JsonTokenType.False:
                return _false;
            default:
                return _null;
        }
    }

    private Hash128 String(ref Utf8JsonReader reader, bool isAscii, PathRoles roles)
    {
        if (!_text.TryRead(ref reader, isAscii, out var text))
        {
            Fault = DigestFault.InvalidText;
            return default;
        }

        if ((roles & (PathRoles.HexData | PathRoles.HexQuantity)) != PathRoles.None)
        {
            var form = _form.Take(text.Length);
            var written = HexForm.Write(text, (roles & PathRoles.HexQuantity) != PathRoles.None, form);
            text = written == 0 ? text : form[..written];
        }

        return _emptyString.With(text);
    }

    // Not inlined: its bytes on the stack would be cleared for every string as well.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Hash128 Number(ReadOnlySpan<byte> number)
    {
        var length = number.Length + DecimalForm.ExtraBytes;
        Span<byte> inline = stackalloc byte[InlineNumber];
        var form = length <= InlineNumber ? inline : _form.Take(length);
        var written = DecimalForm.Write(number, form, out var isNegative);
        if (written < 0)
        {
            Fault = DigestFault.ExponentOutOfRange;
            return default;
        }

        return SipHash.Of(key, (ulong)JsonTokenType.Number | (isNegative ? Negative : 0), form[..written]);
    }
}
