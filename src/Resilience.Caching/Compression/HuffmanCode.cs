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

    /// <summary>A symbol of each beginning of <see cref="FastBits"/> bits, as <see cref="DeflateSymbol"/> packs it; zero where no short code begins so.</summary>
    internal readonly Span<uint> Fast;

    private readonly Span<ushort> _symbols;
    private readonly Span<ushort> _counts;

    // Mutable: the literals' memory serves the code of the code lengths first.
    private ReadOnlySpan<uint> _meanings;

    /// <summary>A code over memory of its owner's.</summary>
    /// <param name="fast">Of <see cref="FastLength"/>.</param>
    /// <param name="symbols">As long as there are symbols.</param>
    /// <param name="counts">Of <see cref="MaxBits"/> and one.</param>
    internal HuffmanCode(Span<uint> fast, Span<ushort> symbols, Span<ushort> counts)
    {
        Fast = fast;
        _symbols = symbols;
        _counts = counts;
    }

    /// <summary>Builds the code of some lengths, one a symbol.</summary>
    /// <param name="lengths">The length of each symbol's code; zero if it has none.</param>
    /// <param name="meanings">What the symbols mean.</param>
    /// <param name="mayBePartial">Whether one code of one bit may stand alone.</param>
    /// <returns>Whether the lengths make a code.</returns>
    internal bool TryBuild(scoped ReadOnlySpan<byte> lengths, ReadOnlySpan<uint> meanings, bool mayBePartial)
    {
        _meanings = meanings;
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

        Fast.Clear();
        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            int length = lengths[symbol];
            if (length != 0)
            {
                _symbols[next[length]++] = (ushort)symbol;
                AddFast(meanings[symbol], codes[length]++, length);
            }
        }

        return true;
    }

    /// <summary>Takes the next symbol; <see cref="DeflateSymbol.Invalid"/> if no code begins so. The source was refilled.</summary>
    internal readonly uint Take(scoped ref BitSource source)
    {
        var symbol = Fast[(int)(source.Bits & (FastLength - 1))];
        if (symbol == 0)
        {
            return TakeLong(ref source);
        }

        source.Skip(DeflateSymbol.CodeLength(symbol));
        return symbol;
    }

    /// <summary>As <see cref="Take"/>, for what <see cref="Fast"/> does not know.</summary>
    internal readonly uint TakeLong(scoped ref BitSource source)
    {
        var bits = source.Bits;
        int code = 0, first = 0, index = 0;
        for (var length = 1; length <= MaxBits; length++, bits >>= 1)
        {
            code |= (int)(bits & 1);
            int count = _counts[length];
            if (code - first < count)
            {
                source.Skip(length);
                return _meanings[_symbols[index + code - first]];
            }

            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }

        // As many bits as the longest code: a source that has fewer left is then overdrawn rather than wrong.
        source.Skip(MaxBits);
        return DeflateSymbol.Invalid;
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

    private readonly void AddFast(uint meaning, int code, int length)
    {
        if (length > FastBits || meaning == DeflateSymbol.Invalid)
        {
            return;
        }

        // The stream has the highest bit of a code first.
        var reversed = 0;
        for (var bit = 0; bit < length; bit++)
        {
            reversed = (reversed << 1) | ((code >> bit) & 1);
        }

        for (var at = reversed; at < FastLength; at += 1 << length)
        {
            Fast[at] = meaning | (uint)length;
        }
    }
}
