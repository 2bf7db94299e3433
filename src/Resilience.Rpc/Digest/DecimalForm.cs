using System.Buffers.Binary;

namespace Resilience.Rpc;

/// <summary>
/// The one form of a JSON number: value = ± digits · 10^exponent, the digits without zeros at either end. 1, 1.0 and 10e-1 have the same;
/// 0, -0 and 0e9 are zero. An exponent is added to, never expanded. Linear in the length of the number; allocates nothing.
/// </summary>
internal static class DecimalForm
{
    /// <summary>The form is as long as the number and this.</summary>
    internal const int ExtraBytes = sizeof(long);

    // An exponent of so many digits, and the length of any token added to it, fits into 64 bits.
    private const int MaxExponentDigits = 18;

    /// <summary>Writes the exponent, little-endian, and then the digits.</summary>
    /// <param name="number">A number as JSON has it.</param>
    /// <param name="form">Where to, at least <see cref="ExtraBytes"/> longer than <paramref name="number"/>.</param>
    /// <param name="isNegative">Whether the number is below zero.</param>
    /// <returns>The bytes written; -1 if the exponent has more than 18 digits.</returns>
    internal static int Write(ReadOnlySpan<byte> number, Span<byte> form, out bool isNegative)
    {
        isNegative = number[0] == '-';
        var rest = isNegative ? number[1..] : number;
        var mark = rest.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = mark < 0 ? rest : rest[..mark];
        var digits = Digits(mantissa, form[ExtraBytes..], out var exponent);
        if (digits == 0)
        {
            isNegative = false;
            exponent = 0;
        }
        else if (mark >= 0)
        {
            if (!TryReadExponent(rest[(mark + 1)..], out var written))
            {
                return -1;
            }

            exponent += written;
        }

        BinaryPrimitives.WriteInt64LittleEndian(form, exponent);
        return ExtraBytes + digits;
    }

    private static int Digits(ReadOnlySpan<byte> mantissa, Span<byte> digits, out long exponent)
    {
        var point = mantissa.IndexOf((byte)'.');
        var whole = (point < 0 ? mantissa : mantissa[..point]).TrimStart((byte)'0');
        var fraction = point < 0 ? default : mantissa[(point + 1)..].TrimEnd((byte)'0');
        exponent = -fraction.Length;
        if (whole.IsEmpty)
        {
            fraction = fraction.TrimStart((byte)'0');
        }
        else if (fraction.IsEmpty)
        {
            var trimmed = whole.TrimEnd((byte)'0');
            exponent = whole.Length - trimmed.Length;
            whole = trimmed;
        }

        whole.CopyTo(digits);
        fraction.CopyTo(digits[whole.Length..]);
        return whole.Length + fraction.Length;
    }

    private static bool TryReadExponent(ReadOnlySpan<byte> text, out long exponent)
    {
        var isNegative = text[0] == '-';
        var digits = text.TrimStart("+-"u8).TrimStart((byte)'0');
        exponent = 0;
        if (digits.Length > MaxExponentDigits)
        {
            return false;
        }

        foreach (var digit in digits)
        {
            exponent = (exponent * 10) + (digit - '0');
        }

        exponent = isNegative ? -exponent : exponent;
        return true;
    }
}
