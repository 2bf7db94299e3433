namespace Resilience.Caching;

/// <summary>
/// How often keys were asked for lately: a count-min sketch of 4-bit counters, all four of a key in one 64-byte line, halved when as many keys
/// were counted as twenty times the capacity. A line is halved when it is next looked at, so that no call works on all. Guarded by its owner.
/// </summary>
/// <remarks>Sources: Cormode and Muthukrishnan, "An improved data stream summary", 2005; Einziger, Friedman and Manes, "TinyLFU", 2017.</remarks>
internal sealed class FrequencySketch
{
    internal const int Most = 15;
    private const long TimesCapacity = 20;
    private const int Rows = 4;
    private const int WordsInLine = 8;
    private const ulong LowestBits = 0x1111_1111_1111_1111;
    private readonly ulong[] _words;

    // The number of the halving that a line has seen last, in 8 bits.
    private readonly byte[] _seen;
    private readonly uint _lines;
    private readonly int _period;
    private int _added;
    private byte _halvings;

    internal FrequencySketch(int capacity)
    {
        _lines = System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, capacity / WordsInLine));
        _words = new ulong[_lines * WordsInLine];
        _seen = new byte[_lines];
        _period = (int)Math.Min(int.MaxValue, TimesCapacity * Math.Max(16, capacity));
    }

    internal int Frequency(uint hash)
    {
        var (line, spread) = Place(hash);
        var least = Most;
        for (var row = 0; row < Rows; row++)
        {
            var (word, shift) = Counter(line, spread, row);
            least = Math.Min(least, (int)(_words[word] >> shift) & Most);
        }

        return least;
    }

    internal void Add(uint hash, int times = 1)
    {
        var (line, spread) = Place(hash);
        for (var row = 0; row < Rows; row++)
        {
            var (word, shift) = Counter(line, spread, row);
            var count = (int)(_words[word] >> shift) & Most;
            _words[word] += (ulong)Math.Min(times, Most - count) << shift;
        }

        _added += times;
        if (_added >= _period)
        {
            _halvings++;
            _added /= 2;
        }
    }

    // Row by row, a pair of words of the line and one of their 32 counters.
    private static (int Word, int Shift) Counter(int line, uint spread, int row)
    {
        var part = (int)(spread >> (row * 8));
        return (line + (row * 2) + (part & 1), ((part >> 1) & 15) * 4);
    }

    private (int Line, uint Spread) Place(uint hash)
    {
        var mixed = (hash ^ 0x5851_F42Du) * 0x9E37_79B9_7F4A_7C15UL;
        mixed ^= mixed >> 32;
        var line = (int)((uint)(mixed >> 40) & (_lines - 1));
        if (_seen[line] != _halvings)
        {
            CatchUp(line);
        }

        return (line * WordsInLine, (uint)mixed * 0x85EB_CA6Bu);
    }

    // Four halvings leave nothing.
    private void CatchUp(int line)
    {
        var halvings = Math.Min(4, (int)(byte)(_halvings - _seen[line]));
        var kept = (LowestBits << (4 - halvings)) - LowestBits;
        foreach (ref var word in _words.AsSpan(line * WordsInLine, WordsInLine))
        {
            word = (word >> halvings) & kept;
        }

        _seen[line] = _halvings;
    }
}
