namespace Resilience.Caching;

/// <summary>Which entry a full cache gives up.</summary>
public enum CacheEviction : byte
{
    /// <summary>
    /// The least recently used, exactly while calls do not overlap. A hit takes a short lock unless the entry is the most recent already.
    /// </summary>
    LeastRecentlyUsed,

    /// <summary>
    /// The least frequently used since it came, of those the one that came first. A hit takes no lock; frequencies above 8 are told apart
    /// in steps of an eighth.
    /// </summary>
    LeastFrequentlyUsed,
}
