namespace Resilience.Caching;

/// <summary>
/// What a symbol of a Deflate alphabet means, in one word: length of its code in bits 0 to 5, number of extra bits in 8 to 11, kind in 12 to 14,
/// value in 16 to 31. A shift by the word is a shift by its code's length. Tables: RFC 1951 §3.2.5.
/// </summary>
internal static class DeflateSymbol
{
    internal const uint Literal = 1 << 12;
    internal const uint Base = 1 << 13;
    internal const uint EndOfBlock = 1 << 14;

    /// <summary>Neither literal nor base nor end: no code begins so, or its symbol is reserved.</summary>
    internal const uint Invalid = 0;

    internal const int EndSymbol = 256;
    internal const int Literals = 288;
    internal const int Distances = 32;
    internal const int CodeLengths = 19;
    private const int FirstLength = 257;

    private static readonly uint[] s_literals = MakeLiterals();
    private static readonly uint[] s_distances = MakeDistances();
    private static readonly uint[] s_codeLengths = [.. Enumerable.Range(0, CodeLengths).Select(symbol => Literal | ((uint)symbol << 16))];

    internal static ReadOnlySpan<uint> OfLiterals => s_literals;

    internal static ReadOnlySpan<uint> OfDistances => s_distances;

    internal static ReadOnlySpan<uint> OfCodeLengths => s_codeLengths;

    internal static int CodeLength(uint symbol) => (int)(symbol & 63);

    internal static int ExtraBits(uint symbol) => (int)((symbol >> 8) & 15);

    internal static int Value(uint symbol) => (int)(symbol >> 16);

    private static uint[] MakeLiterals()
    {
        var table = new uint[Literals];
        for (var symbol = 0; symbol < EndSymbol; symbol++)
        {
            table[symbol] = Literal | ((uint)symbol << 16);
        }

        // Lengths from 3; after the first eight, four to each number of extra bits; the last stands for 258 alone.
        table[EndSymbol] = EndOfBlock;
        for (int symbol = FirstLength, value = 3; symbol < FirstLength + 28; symbol++)
        {
            var extra = Math.Max(0, ((symbol - FirstLength) >> 2) - 1);
            table[symbol] = Base | ((uint)extra << 8) | ((uint)value << 16);
            value += 1 << extra;
        }

        table[FirstLength + 28] = Base | (258u << 16);
        return table;
    }

    private static uint[] MakeDistances()
    {
        var table = new uint[Distances];
        for (int symbol = 0, value = 1; symbol < 30; symbol++)
        {
            var extra = Math.Max(0, (symbol >> 1) - 1);
            table[symbol] = Base | ((uint)extra << 8) | ((uint)value << 16);
            value += 1 << extra;
        }

        return table;
    }
}
