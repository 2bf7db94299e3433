namespace Resilience.Caching;

/// <summary>
/// Which entry to give up. All but <see cref="OnHit"/> and <see cref="HeatOf"/> runs under the core's gate and takes constant time; at most 16
/// entries are moved to find one.
/// </summary>
internal abstract class EvictionPolicy
{
    internal const int MostMoves = 16;

    internal static EvictionPolicy Make<TKey>(CoreSettings<TKey> settings, Lock gate) => settings.Policy?.Invoke(gate) ?? settings.Eviction switch
    {
        CacheEviction.LeastRecentlyUsed => new LeastRecentlyUsed(gate),
        CacheEviction.LeastFrequentlyUsed => new LeastFrequentlyUsed(),
        CacheEviction.Density => new DensityPolicy(),
        _ => (EvictionPolicy)new AdaptivePolicy(settings.MaxEntries, settings.Seed),
    };

    /// <summary>An entry was found fresh. Called without the gate, by many at once.</summary>
    internal abstract void OnHit(CacheNode node);

    /// <summary>A key is about to come: asks for the memory that this will read. Called without the gate, and changes nothing.</summary>
    /// <returns>What would be given up for it, as far as is known.</returns>
    internal virtual CacheNode? Expect(uint hash) => null;

    /// <summary>A key comes that is not in the cache; called before room is made for it.</summary>
    internal virtual void Missed(uint hash, long size)
    {
    }

    /// <summary>An entry has come.</summary>
    internal abstract void Add(CacheNode node);

    /// <summary>An entry leaves for another reason than eviction.</summary>
    internal abstract void Remove(CacheNode node);

    /// <summary>Another entry takes an entry's place, by use or silently.</summary>
    internal abstract void Replace(CacheNode old, CacheNode node, bool isUse);

    /// <summary>Takes out the entry to give up; null if there is none.</summary>
    internal abstract CacheNode? Evict();

    /// <summary>How often an entry was hit lately, from 0 to 15. Needs no gate.</summary>
    internal virtual int HeatOf(CacheNode node) => Math.Min(15, (int)node.Marks);

    /// <summary>The most entries have changed.</summary>
    internal virtual void SetCapacity(long entries)
    {
    }
}
