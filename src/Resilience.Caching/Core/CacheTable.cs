using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Resilience.Caching;

/// <summary>
/// Chains of entries by hash. Read without a lock; written under the core's gate. A larger table takes the place of a small one bucket by
/// bucket, a few in each operation, while both are read.
/// </summary>
internal sealed class CacheTable<TKey, TValue>
{
    internal const int MostBuckets = 1 << 24;
    internal readonly CacheEntry<TKey, TValue>?[] Buckets;

    // How many of a hash's bits, from the low end, do not matter to its bucket. The high ones of a product with the golden ratio lie evenly for keys in
    // sequence and in nearly every step; by its low ones a hit among 100,000 keys in sequence passed four entries.
    private readonly int _shift;

    // What the entries are being moved to; null while nothing moves. Set before the first of them moves.
    internal CacheTable<TKey, TValue>? Successor;

    // How many buckets have been moved. Guarded by the gate.
    internal int Moved;

    internal CacheTable(int capacity)
    {
        var buckets = Math.Min(MostBuckets, BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, capacity)));
        Buckets = new CacheEntry<TKey, TValue>?[buckets];
        _shift = 32 - BitOperations.Log2(buckets);
    }

    // Shifted to less than the array's length. Without the check that arrays of references have on taking an element's address, which costs a call where
    // the code is shared between types: cache.hit shows it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref CacheEntry<TKey, TValue>? Bucket(uint hash) =>
        ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Buckets), hash >> _shift);

    /// <summary>The link that leads to <paramref name="entry"/>, or the one at the end of its chain.</summary>
    internal ref CacheEntry<TKey, TValue>? LinkTo(CacheEntry<TKey, TValue> entry)
    {
        ref var link = ref Bucket(entry.Hash);
        while (link is not null && !ReferenceEquals(link, entry))
        {
            link = ref link.Next;
        }

        return ref link;
    }

    /// <summary>Moves one bucket to the successor.</summary>
    internal void Move(int bucket)
    {
        var entry = Buckets[bucket];
        while (entry is not null)
        {
            var next = entry.Next;
            ref var head = ref Successor!.Bucket(entry.Hash);
            Volatile.Write(ref entry.Next, head);
            Volatile.Write(ref head, entry);
            entry = next;
        }

        Volatile.Write(ref Buckets[bucket], null);
    }
}
