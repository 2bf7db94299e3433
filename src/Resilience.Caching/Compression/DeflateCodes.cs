namespace Resilience.Caching;

/// <summary>Builds the two prefix codes of a Deflate block (RFC 1951 §3.2.5 to §3.2.7).</summary>
internal static class DeflateCodes
{
    private const int MaxLiterals = 286;
    private const int MaxDistances = 30;

    private static ReadOnlySpan<byte> CodeLengthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>The codes that need no description.</summary>
    internal static InflateStatus BuildFixed(scoped ref HuffmanCode literals, scoped ref HuffmanCode distances)
    {
        Span<byte> lengths = stackalloc byte[DeflateSymbol.Literals];
        lengths[..144].Fill(8);
        lengths[144..256].Fill(9);
        lengths[256..280].Fill(7);
        lengths[280..].Fill(8);
        literals.TryBuild(lengths, DeflateSymbol.OfLiterals, mayBePartial: false);
        lengths[..DeflateSymbol.Distances].Fill(5);
        distances.TryBuild(lengths[..DeflateSymbol.Distances], DeflateSymbol.OfDistances, mayBePartial: false);
        return InflateStatus.Done;
    }

    /// <summary>The codes that a block describes.</summary>
    internal static InflateStatus BuildDynamic(scoped ref BitSource bits, scoped ref HuffmanCode literals, scoped ref HuffmanCode distances)
    {
        bits.Refill();
        var (literalCount, distanceCount, codeCount) = (bits.Take(5) + 257, bits.Take(5) + 1, bits.Take(4) + 4);
        if (literalCount > MaxLiterals || distanceCount > MaxDistances)
        {
            return bits.IsOverdrawn ? InflateStatus.Truncated : InflateStatus.Invalid;
        }

        Span<byte> lengths = stackalloc byte[MaxLiterals + MaxDistances];
        lengths.Clear();
        for (var i = 0; i < codeCount; i++)
        {
            bits.Refill();
            lengths[CodeLengthOrder[i]] = (byte)bits.Take(3);
        }

        if (bits.IsOverdrawn)
        {
            return InflateStatus.Truncated;
        }

        // The code of the code lengths stands where that of the literals will.
        if (!literals.TryBuild(lengths[..DeflateSymbol.CodeLengths], DeflateSymbol.OfCodeLengths, mayBePartial: false))
        {
            return InflateStatus.Invalid;
        }

        lengths = lengths[..(literalCount + distanceCount)];
        var status = ReadLengths(ref bits, literals, lengths);
        if (status != InflateStatus.Done)
        {
            return status;
        }

        var areCodes = lengths[DeflateSymbol.EndSymbol] != 0
            && literals.TryBuild(lengths[..literalCount], DeflateSymbol.OfLiterals, mayBePartial: true)
            && distances.TryBuild(lengths[literalCount..], DeflateSymbol.OfDistances, mayBePartial: true);
        return areCodes ? InflateStatus.Done : InflateStatus.Invalid;
    }

    private static InflateStatus ReadLengths(scoped ref BitSource bits, scoped in HuffmanCode code, scoped Span<byte> lengths)
    {
        for (var i = 0; i < lengths.Length;)
        {
            bits.Refill();
            var taken = code.Take(ref bits);
            if (bits.IsOverdrawn)
            {
                return InflateStatus.Truncated;
            }

            var symbol = taken == DeflateSymbol.Invalid ? -1 : DeflateSymbol.Value(taken);
            if (symbol is >= 0 and < 16)
            {
                lengths[i++] = (byte)symbol;
                continue;
            }

            var count = symbol switch { 16 => 3 + bits.Take(2), 17 => 3 + bits.Take(3), 18 => 11 + bits.Take(7), _ => 0 };
            if (bits.IsOverdrawn)
            {
                return InflateStatus.Truncated;
            }

            if (count == 0 || count > lengths.Length - i || (symbol == 16 && i == 0))
            {
                return InflateStatus.Invalid;
            }

            lengths.Slice(i, count).Fill(symbol == 16 ? lengths[i - 1] : (byte)0);
            i += count;
        }

        return InflateStatus.Done;
    }
}
