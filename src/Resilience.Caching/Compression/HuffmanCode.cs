using System.Runtime.CompilerServices;

namespace Resilience.Caching;

/// <summary>
/// A canonical prefix code of Deflate (RFC 1951 §3.2.2). Codes of up to <see cref="FastBits"/> bits are looked up; longer and missing ones
/// are found by comparing with the first code of each length.
/// </summary>
internal ref struct HuffmanCode
{
    internal const int FastBits = 10;
    internal const int FastLength = 1 << FastBits;
    internal const int MaxBits = 15;
    internal const int None = -1;

    // Symbol in bits 4 to 12, length of its code below; 0 is no short code.
    private readonly Span<ushort> _fast;
    private readonly Span<ushort> _symbols;
    private readonly Span<ushort> _counts;

    /// <summary>A code over memory of its owner's.</summary>
    /// <param name="fast">Of <see cref="FastLength"/>.</param>
    /// <param name="symbols">As long as there are symbols.</param>
    /// <param name="counts">Of <see cref="MaxBits"/> and one.</param>
    internal HuffmanCode(Span<ushort> fast, Span<ushort> symbols, Span<ushort> counts)
    {
        _fast = fast;
        _symbols = symbols;
        _counts = counts;
    }

    /// <summary>Builds the code of some lengths, one a symbol.</summary>
    /// <param name="lengths">The length of each symbol's code; zero if it has none.</param>
    /// <param name="mayBePartial">Whether one code of one bit, or none at all, may stand alone.</param>
    /// <returns>Whether the lengths make a code.</returns>
    internal readonly bool TryBuild(ReadOnlySpan<byte> lengths, bool mayBePartial)
    {
        _counts.Clear();
        foreach (var length in lengths)
        {
            _counts[length]++;
        }

        if (!IsCode(lengths.Length, mayBePartial))
        {
            return false;
        }

        Span<ushort> next = stackalloc ushort[MaxBits + 1];
        Span<ushort> codes = stackalloc ushort[MaxBits + 1];
        for (var bits = 1; bits < MaxBits; bits++)
        {
            next[bits + 1] = (ushort)(next[bits] + _counts[bits]);
            codes[bits + 1] = (ushort)((codes[bits] + _counts[bits]) << 1);
        }

        _fast.Clear();
        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            int length = lengths[symbol];
            if (length != 0)
            {
                _symbols[next[length]++] = (ushort)symbol;
                AddFast(symbol, codes[length]++, length);
            }
        }

        return true;
    }

    /// <summary>Takes the next symbol; <see cref="None"/> if no code begins so. The source was refilled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly int Take(ref BitSource source)
    {
        var entry = _fast[(int)(source.Peek & (FastLength - 1))];
        if (entry == 0)
        {
            return TakeLong(ref source);
        }

        source.Skip(entry & 15);
        return entry >> 4;
    }

    // Kraft's sum: too many codes are an error, too few only if they are not the one that a stream with one distance has.
    private readonly bool IsCode(int symbols, bool mayBePartial)
    {
        var left = 1;
        for (var bits = 1; bits <= MaxBits; bits++)
        {
            left = (left << 1) - _counts[bits];
            if (left < 0)
            {
                return false;
            }
        }

        var used = symbols - _counts[0];
        return left == 0 || used == 0 || (mayBePartial && used == 1 && _counts[1] == 1);
    }

    private readonly void AddFast(int symbol, int code, int length)
    {
        if (length > FastBits)
        {
            return;
        }

        // The stream has the highest bit of a code first.
        var reversed = 0;
        for (var bit = 0; bit < length; bit++)
        {
            reversed |= ((code >> bit) & 1) << (length - 1 - bit);
        }

        for (var at = reversed; at < FastLength; at += 1 << length)
        {
            _fast[at] = (ushort)((symbol << 4) | length);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly int TakeLong(ref BitSource source)
    {
        var bits = source.Peek;
        int code = 0, first = 0, index = 0;
        for (var length = 1; length <= MaxBits; length++, bits >>= 1)
        {
            code |= (int)(bits & 1);
            int count = _counts[length];
            if (code - first < count)
            {
                source.Skip(length);
                return _symbols[index + code - first];
            }

            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }

        // As many bits as the longest code: a source that has fewer left is then overdrawn rather than wrong.
        source.Skip(MaxBits);
        return None;
    }
}
