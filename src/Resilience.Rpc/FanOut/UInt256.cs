using System.Globalization;
using System.Runtime.InteropServices;

namespace Resilience.Rpc;

/// <summary>An unsigned number of 256 bits: to compare, and nothing else. Immutable; allocates nothing but its text.</summary>
/// <param name="Upper">The upper half.</param>
/// <param name="Lower">The lower half.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct UInt256(UInt128 Upper, UInt128 Lower) : IComparable<UInt256>
{
    private const int HalfDigits = 32;

    /// <summary>A number of at most 128 bits.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator UInt256(UInt128 value) => new(UInt128.Zero, value);

    /// <summary>A number of at most 64 bits.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator UInt256(ulong value) => new(UInt128.Zero, value);

    /// <summary>Whether the left number is less.</summary>
    public static bool operator <(UInt256 left, UInt256 right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left number is greater.</summary>
    public static bool operator >(UInt256 left, UInt256 right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left number is less or equal.</summary>
    public static bool operator <=(UInt256 left, UInt256 right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left number is greater or equal.</summary>
    public static bool operator >=(UInt256 left, UInt256 right) => left.CompareTo(right) >= 0;

    /// <summary>A number of at most 128 bits.</summary>
    /// <param name="value">The number.</param>
    public static UInt256 FromUInt128(UInt128 value) => value;

    /// <summary>A number of at most 64 bits.</summary>
    /// <param name="value">The number.</param>
    public static UInt256 FromUInt64(ulong value) => value;

    /// <summary>Reads hexadecimal digits, with or without a leading 0x, in either case.</summary>
    /// <param name="text">The digits.</param>
    /// <param name="value">The number, or zero.</param>
    /// <returns>False if there is no digit, something else, or a number of more than 256 bits.</returns>
    public static bool TryParseHex(ReadOnlySpan<char> text, out UInt256 value)
    {
        value = default;
        var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        if (digits.IsEmpty)
        {
            return false;
        }

        digits = digits.TrimStart('0');
        var (upper, lower) = (UInt128.Zero, UInt128.Zero);
        var split = Math.Max(0, digits.Length - HalfDigits);
        if (split > HalfDigits || !TryParseHalf(digits[..split], out upper) || !TryParseHalf(digits[split..], out lower))
        {
            return false;
        }

        value = new UInt256(upper, lower);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(UInt256 other) => Upper == other.Upper ? Lower.CompareTo(other.Lower) : Upper.CompareTo(other.Upper);

    /// <summary>The number in hexadecimal digits after 0x, without leading zeros.</summary>
    public override string ToString() => Upper == UInt128.Zero
        ? string.Create(CultureInfo.InvariantCulture, $"0x{Lower:x}")
        : string.Create(CultureInfo.InvariantCulture, $"0x{Upper:x}{Lower:x32}");

    private static bool TryParseHalf(ReadOnlySpan<char> digits, out UInt128 value)
    {
        value = default;
        return digits.IsEmpty || UInt128.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
