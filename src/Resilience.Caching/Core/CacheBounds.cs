namespace Resilience.Caching;

/// <summary>
/// How many entries and bytes a cache holds, in one word that is reserved by compare-and-swap before an entry is published: entries in bits
/// 63 to 40, bytes in 39 to 0. Neither is ever above its limit, but for limits that were lowered. Safe for concurrent use.
/// </summary>
internal sealed class CacheBounds<TI>
    where TI : struct, IInterleaving
{
    internal const long MostEntries = (1L << 23) - 1;
    internal const long MostBytes = (1L << 40) - 1;
    private const int EntryShift = 40;
    private long _held;
    private long _maxEntries;
    private long _maxBytes;

    internal CacheBounds(long maxEntries, long maxBytes)
    {
        _maxEntries = maxEntries;
        _maxBytes = maxBytes;
    }

    internal long MaxEntries
    {
        get => Volatile.Read(ref _maxEntries);
        set => Volatile.Write(ref _maxEntries, value);
    }

    internal long MaxBytes
    {
        get => Volatile.Read(ref _maxBytes);
        set => Volatile.Write(ref _maxBytes, value);
    }

    internal int Entries => (int)(Volatile.Read(ref _held) >> EntryShift);

    internal long Bytes => Volatile.Read(ref _held) & MostBytes;

    /// <summary>Both at one moment.</summary>
    internal (int Entries, long Bytes) Held
    {
        get
        {
            var held = Volatile.Read(ref _held);
            return ((int)(held >> EntryShift), held & MostBytes);
        }
    }

    internal bool IsOver => Volatile.Read(ref _held) is var held && (held >> EntryShift > MaxEntries || (held & MostBytes) > MaxBytes);

    /// <summary>Adds, unless a count that grows would pass its limit.</summary>
    /// <param name="entries">0 or 1.</param>
    /// <param name="bytes">May be negative.</param>
    internal bool TryReserve(int entries, long bytes)
    {
        while (true)
        {
            TI.Point(11);
            var held = Volatile.Read(ref _held);
            if ((entries > 0 && (held >> EntryShift) + entries > MaxEntries) || (bytes > 0 && (held & MostBytes) + bytes > MaxBytes))
            {
                return false;
            }

            TI.Point(12);
            if (Interlocked.CompareExchange(ref _held, held + Packed(entries, bytes), held) == held)
            {
                return true;
            }
        }
    }

    /// <summary>
    /// Gives the room of one entry that leaves to what comes, and reserves the difference; false, and nothing changes, if that would pass a limit. Where
    /// there is no difference nothing is written: the word is the busiest of the cache.
    /// </summary>
    /// <param name="freed">The bytes that the entry frees.</param>
    /// <param name="entries">How many entries come: 0 or 1.</param>
    /// <param name="bytes">The bytes that come; may be negative.</param>
    internal bool TryHandOver(long freed, int entries, long bytes)
    {
        var difference = Packed(entries - 1, bytes - freed);
        while (true)
        {
            TI.Point(14);
            var held = Volatile.Read(ref _held);
            if ((held >> EntryShift) + entries - 1 > MaxEntries || (held & MostBytes) + bytes - freed > MaxBytes)
            {
                return false;
            }

            TI.Point(15);
            if (difference == 0 || Interlocked.CompareExchange(ref _held, held + difference, held) == held)
            {
                return true;
            }
        }
    }

    internal void Release(int entries, long bytes)
    {
        TI.Point(13);
        Interlocked.Add(ref _held, -Packed(entries, bytes));
    }

    private static long Packed(int entries, long bytes) => ((long)entries << EntryShift) + bytes;
}
