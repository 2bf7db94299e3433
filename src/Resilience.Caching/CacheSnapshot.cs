namespace Resilience.Caching;

/// <summary>What a cache has counted up to a moment. Counts of calls under way may be missing.</summary>
public record CacheSnapshot
{
    /// <summary>Calls that found a fresh value.</summary>
    public long Hits { get; init; }

    /// <summary>Calls that did not.</summary>
    public long Misses { get; init; }

    /// <summary>Of the misses, those that were answered with a stale value.</summary>
    public long Stale { get; init; }

    /// <summary>Calls that joined a creation under way.</summary>
    public long Joins { get; init; }

    /// <summary>Values that factories have created.</summary>
    public long Created { get; init; }

    /// <summary>Creations that failed.</summary>
    public long Failed { get; init; }

    /// <summary>Sets that were refused for want of room.</summary>
    public long Refused { get; init; }

    /// <summary>Entries evicted.</summary>
    public long Evicted { get; init; }

    /// <summary>Entries that expired and have been removed.</summary>
    public long Expired { get; init; }

    /// <summary>Entries replaced by new values.</summary>
    public long Replaced { get; init; }

    /// <summary>Entries removed by calls, or cleared.</summary>
    public long Removed { get; init; }

    /// <summary>Entries held.</summary>
    public int Entries { get; init; }

    /// <summary>Bytes held.</summary>
    public long Bytes { get; init; }

    /// <summary>Hits and misses of the last minute.</summary>
    public CacheWindow LastMinute { get; init; }

    /// <summary>Hits and misses of the last hour.</summary>
    public CacheWindow LastHour { get; init; }

    /// <summary>The share of calls that found a fresh value, from 0 to 1; NaN if there were none.</summary>
    public double HitRatio => (double)Hits / (Hits + Misses);

    /// <summary>What was counted since an earlier snapshot; what is held, and the windows, stay those of this one.</summary>
    /// <param name="earlier">The earlier snapshot of the same cache.</param>
    public CacheSnapshot Since(CacheSnapshot earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return this with
        {
            Hits = Hits - earlier.Hits,
            Misses = Misses - earlier.Misses,
            Stale = Stale - earlier.Stale,
            Joins = Joins - earlier.Joins,
            Created = Created - earlier.Created,
            Failed = Failed - earlier.Failed,
            Refused = Refused - earlier.Refused,
            Evicted = Evicted - earlier.Evicted,
            Expired = Expired - earlier.Expired,
            Replaced = Replaced - earlier.Replaced,
            Removed = Removed - earlier.Removed,
        };
    }
}
