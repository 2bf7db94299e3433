namespace Resilience.Caching;

/// <summary>Which entry a full cache gives up.</summary>
public enum CacheEviction : byte
{
    /// <summary>
    /// By recency and frequency, in the proportion that serves the calls best: it starts as least recently used and changes only for a
    /// lead that small simulations of the alternatives have shown. A hit takes no lock.
    /// </summary>
    Adaptive,

    /// <summary>
    /// The least recently used, exactly while calls do not overlap. A hit takes a short lock unless the entry is the most recent already.
    /// </summary>
    LeastRecentlyUsed,

    /// <summary>
    /// The least frequently used since it came, of those the one that came first. A hit takes no lock; frequencies above 8 are told apart
    /// in steps of an eighth.
    /// </summary>
    LeastFrequentlyUsed,

    /// <summary>
    /// What is worth least for its bytes: its uses times the cost of its creation, as far as that was measured, divided by its size. For caches
    /// bounded by bytes. A hit takes no lock.
    /// </summary>
    Density,
}
