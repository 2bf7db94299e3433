using System.Buffers;
using System.Text;

namespace Resilience.Rpc;

/// <summary>
/// The one form of a hexadecimal string: "0x", then lower-case digits, a quantity without leading zeros. What is no hexadecimal string
/// stays as it is, so that the form of one never meets the form of the other. Allocates nothing.
/// </summary>
internal static class HexForm
{
    private static readonly SearchValues<byte> s_digits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    /// <summary>Writes the form of <paramref name="text"/>.</summary>
    /// <param name="text">The string.</param>
    /// <param name="isQuantity">Whether leading zeros say nothing; there must be a digit then.</param>
    /// <param name="form">Where to, as long as <paramref name="text"/>.</param>
    /// <returns>The bytes written; 0 if the string is not hexadecimal.</returns>
    internal static int Write(ReadOnlySpan<byte> text, bool isQuantity, Span<byte> form)
    {
        if (text.Length < 2 || text[0] != '0' || (text[1] | 0x20) != 'x')
        {
            return 0;
        }

        var digits = text[2..];
        if (digits.ContainsAnyExcept(s_digits) || (isQuantity && digits.IsEmpty))
        {
            return 0;
        }

        if (isQuantity)
        {
            var significant = digits.TrimStart((byte)'0');
            digits = significant.IsEmpty ? digits[^1..] : significant;
        }

        "0x"u8.CopyTo(form);
        Ascii.ToLower(digits, form[2..], out var written);
        return 2 + written;
    }
}
