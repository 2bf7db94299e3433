using System.Globalization;
using System.Text;

namespace Resilience.Fuzz;

/// <summary>
/// Changes inputs as a careless or hostile peer would: flipped bits, odd bytes, truncation, pieces removed, repeated or spliced in from
/// another input, tokens of the language, and length fields, binary and decimal, set to the values that break arithmetic.
/// The same seed makes the same inputs. Not safe for concurrent use.
/// </summary>
public sealed class Mutator
{
    private const int MaxLength = 4096;
    private const int MaxSteps = 6;

    private static readonly byte[] s_bytes = [0, 1, 0x20, 0x7f, 0x80, 0xff, (byte)'0', (byte)'9', (byte)'-', (byte)'\n', (byte)','];
    private static readonly long[] s_lengths =
    [
        0, 1, -1, 127, 128, 255, 256, 32_767, 65_535, 65_536, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue,
    ];

    private static readonly string[] s_decimals =
    [
        "0", "1", "-1", "60", "100", "2147483647", "2147483648", "4294967296", "922337203685", "922337203686", "1000000000000",
        "9223372036854775807", "9223372036854775808", "18446744073709551616", "00000000000000000000000000000001",
    ];

    private readonly Random _random;
    private readonly IReadOnlyList<byte[]> _tokens;
    private readonly List<byte> _bytes = new(MaxLength);

    /// <summary>A mutator with its own random sequence.</summary>
    /// <param name="random">The sequence.</param>
    /// <param name="tokens">Pieces that mean something in the language.</param>
    public Mutator(Random random, IReadOnlyList<byte[]> tokens)
    {
        _random = random;
        _tokens = tokens;
    }

    /// <summary>A changed copy of an input, at most 4 KiB long.</summary>
    /// <param name="input">The input.</param>
    /// <param name="other">Another one to splice from.</param>
    public byte[] Mutate(ReadOnlySpan<byte> input, ReadOnlySpan<byte> other)
    {
        _bytes.Clear();
        _bytes.AddRange(input);
        for (var steps = _random.Next(1, MaxSteps + 1); steps > 0; steps--)
        {
            Step(other);
        }

        if (_bytes.Count > MaxLength)
        {
            _bytes.RemoveRange(MaxLength, _bytes.Count - MaxLength);
        }

        return [.. _bytes];
    }

    private void Step(ReadOnlySpan<byte> other)
    {
        switch (_bytes.Count == 0 ? 9 + _random.Next(3) : _random.Next(12))
        {
            case 0:
                _bytes[At()] ^= (byte)(1 << _random.Next(8));
                break;
            case 1:
                _bytes[At()] = s_bytes[_random.Next(s_bytes.Length)];
                break;
            case 2:
                _bytes[At()] = (byte)_random.Next(256);
                break;
            case 3:
                var end = At();
                _bytes.RemoveRange(end, _bytes.Count - end);
                break;
            case 4:
                var (from, count) = Range(_bytes.Count);
                _bytes.RemoveRange(from, count);
                break;
            case 5:
                (from, count) = Range(_bytes.Count);
                _bytes.InsertRange(From(), _bytes.GetRange(from, count));
                break;
            case 6:
                Overwrite();
                break;
            case 7:
                SetLength();
                break;
            case 8:
                SetDecimal();
                break;
            case 9:
                _bytes.Insert(From(), (byte)_random.Next(256));
                break;
            case 10:
                (from, count) = Range(other.Length);
                _bytes.InsertRange(From(), other.Slice(from, count));
                break;
            default:
                _bytes.InsertRange(From(), Token());
                break;
        }
    }

    private int At() => _random.Next(_bytes.Count);

    private int From() => _random.Next(_bytes.Count + 1);

    private byte[] Token() => _tokens.Count == 0 ? s_bytes : _tokens[_random.Next(_tokens.Count)];

    private (int From, int Count) Range(int length)
    {
        var from = _random.Next(length + 1);
        return (from, _random.Next(length - from + 1));
    }

    private void Overwrite()
    {
        var token = Token();
        var at = At();
        _bytes.RemoveRange(at, Math.Min(token.Length, _bytes.Count - at));
        _bytes.InsertRange(at, token);
    }

    // A binary field of 1, 2, 4 or 8 bytes in either order: an edge value, or off by one.
    private void SetLength()
    {
        var width = Math.Min(1 << _random.Next(4), _bytes.Count);
        var at = _random.Next(_bytes.Count - width + 1);
        var value = s_lengths[_random.Next(s_lengths.Length)] + _random.Next(-1, 2);
        var isBigEndian = _random.Next(2) == 0;
        for (var i = 0; i < width; i++)
        {
            _bytes[at + (isBigEndian ? width - 1 - i : i)] = unchecked((byte)(value >> (8 * i)));
        }
    }

    // A run of digits: an edge value, or one more or less than it was.
    private void SetDecimal()
    {
        var start = At();
        while (start < _bytes.Count && !char.IsAsciiDigit((char)_bytes[start]))
        {
            start++;
        }

        var end = start;
        while (end < _bytes.Count && char.IsAsciiDigit((char)_bytes[end]))
        {
            end++;
        }

        var digits = Encoding.ASCII.GetString([.. _bytes.GetRange(start, end - start)]);
        var text = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && _random.Next(2) == 0
            ? unchecked(number + (_random.Next(2) == 0 ? 1 : -1)).ToString(CultureInfo.InvariantCulture).PadLeft(digits.Length, '0')
            : s_decimals[_random.Next(s_decimals.Length)];
        _bytes.RemoveRange(start, end - start);
        _bytes.InsertRange(start, Encoding.ASCII.GetBytes(text));
    }
}
