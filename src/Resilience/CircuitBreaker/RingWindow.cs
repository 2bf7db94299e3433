using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// A count window of up to 65,536 outcomes: a ring of bit pairs (slow, failed), 32 a cell, and the counts in the phase's word.
/// A report takes a ticket, exchanges its pair, then adds the difference: at the add the counts differ from the ring by at most the other
/// reports between their exchange and their add, and are exact when all have ended. A report stalled for a whole turn of the ring may
/// replace one newer outcome.
/// </summary>
internal struct RingWindow<TI> : IWindow
    where TI : struct, IInterleaving
{
    // The word: missing in bits 0 to 20, slow in 21 to 41, failures from 42, each signed. Zero: full, none slow, none failed.
    private const int SlowShift = 21;
    private const int FailedShift = 42;
    private readonly ulong[] _cells;
    private readonly int _size;
    private readonly int _mask;

    // The next ticket; written by every report that is not clean.
    private long _cursor;

    internal RingWindow(int size)
    {
        _size = size;
        _mask = (size & (size - 1)) == 0 ? size - 1 : 0;
        _cells = new ulong[(size + 31) >> 5];
    }

    public static bool IsTimed => false;

    public readonly long FirstWord => _size;

    public readonly long OneMissing => 1;

    // Into a report whose kind is known: of a success through a window that holds failures, which breaker.closed.mixed measures, half goes away.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Record(ref long word, bool failed, bool slow, long now, out Tally tally)
    {
        TI.Point(20);
        var ticket = Interlocked.Increment(ref _cursor) - 1;
        var index = _mask != 0 || _size == 1 ? (int)ticket & _mask : (int)((ulong)ticket % (uint)_size);
        var code = (failed ? 1UL : 0) | (slow ? 2UL : 0);
        var old = Exchange(ref _cells[index >> 5], (index & 31) << 1, code);

        var delta = (((long)(code & 1) - (long)(old & 1)) << FailedShift) + (((long)(code >> 1) - (long)(old >> 1)) << SlowShift);
        if (ticket < _size)
        {
            delta--;
        }

        if (delta == 0)
        {
            Unsafe.SkipInit(out tally);
            return false;
        }

        TI.Point(23);
        tally = Decode(Interlocked.Add(ref word, delta));
        return true;
    }

    public readonly Tally Read(ref long word, long now, out long covered)
    {
        covered = 0;
        return Decode(Volatile.Read(ref word));
    }

    public readonly int Export(ref long word, Span<byte> outcomes)
    {
        var end = Volatile.Read(in _cursor);
        var count = (int)Math.Min(end, _size);
        for (var i = 0; i < count; i++)
        {
            var index = (int)((end - count + i) % _size);
            outcomes[i] = (byte)((Volatile.Read(ref _cells[index >> 5]) >> ((index & 31) << 1)) & 3);
        }

        return count;
    }

    public readonly void Inherit(IWindow old, long now)
    {
    }

    /// <summary>Counts the ring itself; agrees with the word when no report is under way.</summary>
    internal readonly Tally CountCells()
    {
        long failures = 0, slow = 0;
        foreach (var cell in _cells)
        {
            failures += long.PopCount((long)(cell & 0x5555_5555_5555_5555));
            slow += long.PopCount((long)(cell & 0xAAAA_AAAA_AAAA_AAAA));
        }

        return new Tally(Math.Min(Volatile.Read(in _cursor), _size), failures, slow);
    }

    private static ulong Exchange(ref ulong cell, int shift, ulong code)
    {
        while (true)
        {
            TI.Point(21);
            var seen = Volatile.Read(ref cell);
            var old = (seen >> shift) & 3;
            if (old == code)
            {
                return old;
            }

            TI.Point(22);
            if (Interlocked.CompareExchange(ref cell, seen ^ ((old ^ code) << shift), seen) == seen)
            {
                return old;
            }
        }
    }

    // Low to high: each field is sign-extended and taken away before the next is read, for a negative one has borrowed from it.
    private readonly Tally Decode(long word)
    {
        var missing = (word << (64 - SlowShift)) >> (64 - SlowShift);
        word = (word - missing) >> SlowShift;
        var slow = (word << (64 - SlowShift)) >> (64 - SlowShift);
        var failures = (word - slow) >> SlowShift;
        return new Tally(_size - missing, failures, slow);
    }
}
