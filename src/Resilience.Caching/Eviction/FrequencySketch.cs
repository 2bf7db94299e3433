using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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

    /// <summary>Asks for the memory of a hash.</summary>
    internal void Expect(uint hash) => Prefetch.Line(ref FirstWord((int)(Mixed(hash, out _) & (_lines - 1))));

    internal int Frequency(uint hash)
    {
        ref var line = ref Line(hash, out var spread);
        return Math.Min(
            Math.Min(Count(ref line, spread, 0), Count(ref line, spread, 1)), Math.Min(Count(ref line, spread, 2), Count(ref line, spread, 3)));
    }

    internal void Add(uint hash, int times = 1)
    {
        ref var line = ref Line(hash, out var spread);
        Raise(ref line, spread, 0, times);
        Raise(ref line, spread, 1, times);
        Raise(ref line, spread, 2, times);
        Raise(ref line, spread, 3, times);

        _added += times;
        if (_added >= _period)
        {
            _halvings++;
            _added /= 2;
        }
    }

    // The row is a constant where these are inlined.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Count(ref ulong line, uint spread, int row) => (int)(Word(ref line, spread, row) >> Shift(spread, row)) & Most;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Raise(ref ulong line, uint spread, int row, int times)
    {
        ref var word = ref Word(ref line, spread, row);
        var shift = Shift(spread, row);
        word += (ulong)Math.Min(times, Most - ((int)(word >> shift) & Most)) << shift;
    }

    // Row by row, a pair of words of the line and one of their 32 counters.
    private static ref ulong Word(ref ulong line, uint spread, int row) => ref Unsafe.Add(ref line, (row * 2) + (int)((spread >> (row * 8)) & 1));

    private static int Shift(uint spread, int row) => (int)((spread >> ((row * 8) + 1)) & 15) * 4;

    private static uint Mixed(uint hash, out uint spread)
    {
        var mixed = (hash ^ 0x5851_F42Du) * 0x9E37_79B9_7F4A_7C15UL;
        mixed ^= mixed >> 32;
        spread = (uint)mixed * 0x85EB_CA6Bu;
        return (uint)(mixed >> 40);
    }

    // The first word of a line that is there whatever the hash: nothing is checked behind it.
    private ref ulong Line(uint hash, out uint spread)
    {
        var line = (int)(Mixed(hash, out spread) & (_lines - 1));
        if (_seen[line] != _halvings)
        {
            CatchUp(line);
        }

        return ref FirstWord(line);
    }

    private ref ulong FirstWord(int line) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_words), line * WordsInLine);

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
