using System.Runtime.CompilerServices;

namespace Resilience.Caching;

/// <content>Room within the limits.</content>
internal sealed partial class CacheCore<TKey, TValue, TI>
{
    // So many evictions that free nothing, because leases hold the bytes, end the search for room.
    private const int MostFruitless = 16;

    /// <summary>Changes the limits and evicts what is above them, a few entries at a time.</summary>
    internal void Resize(long maxEntries, long maxBytes)
    {
        const int Batch = 64;
        lock (_gate)
        {
            Bounds.MaxEntries = maxEntries;
            Bounds.MaxBytes = maxBytes;
            _policy.SetCapacity(maxEntries);
        }

        for (var more = true; more;)
        {
            RemovedNodes removed = default;
            lock (_gate)
            {
                for (var i = 0; i < Batch && more; i++)
                {
                    more = Bounds.IsOver && Evict(ref removed) is not null;
                }
            }

            Release(ref removed);
        }
    }

    private bool TryMakeRoom(CacheEntry<TKey, TValue> entry, int entries, long bytes, long now, ref RemovedNodes removed)
    {
        if (entry.Size > Bounds.MaxBytes || Bounds.MaxEntries == 0)
        {
            return false;
        }

        var fruitless = 0;
        var returned = false;
        while (!Bounds.TryReserve(entries, bytes))
        {
            if (Examined < MostExamined && Sweep(now, ref removed, pressed: true))
            {
                continue;
            }

            var victim = _policy.Evict();
            if (victim is null)
            {
                return false;
            }

            if (ReferenceEquals(victim, entry))
            {
                // A value that grew: it comes back as new, and another must go.
                _policy.Add(entry);
                if (returned)
                {
                    return false;
                }

                returned = true;
                continue;
            }

            // What a core queues is its own: a cast would look the type up, where the code is shared between types.
            var left = Unsafe.As<CacheEntry<TKey, TValue>>(victim);
            Unlink(left);
            var free = Part(left, RemovalReason.Evicted, ref removed);
            var freed = free ? left.Size : 0;
            if (Bounds.TryHandOver(freed, entries, bytes))
            {
                return true;
            }

            Bounds.Release(1, freed);
            if (bytes > 0 && !free && left.Size > 0 && ++fruitless == MostFruitless)
            {
                return false;
            }
        }

        return true;
    }

    private CacheNode? Evict(ref RemovedNodes removed)
    {
        var victim = _policy.Evict();
        if (victim is not null)
        {
            Leave((CacheEntry<TKey, TValue>)victim, RemovalReason.Evicted, ref removed);
        }

        return victim;
    }
}
