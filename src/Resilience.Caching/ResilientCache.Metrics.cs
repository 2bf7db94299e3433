namespace Resilience.Caching;

/// <content>What it has counted.</content>
public sealed partial class ResilientCache<TKey, TValue>
{
    /// <summary>What it has counted until now. O(threads).</summary>
    public CacheSnapshot Snapshot
    {
        get
        {
            var (entries, bytes) = _core.Bounds.Held;
            return new CacheSnapshot
            {
                Hits = _counters.Sum(CacheColumn.Hits),
                Misses = _counters.Sum(CacheColumn.Misses),
                Stale = _counters.Sum(CacheColumn.Stale),
                Joins = _counters.Sum(CacheColumn.Joins),
                Created = _counters.Sum(CacheColumn.Created),
                Failed = _counters.Sum(CacheColumn.Failed),
                Refused = _core.Refused,
                Evicted = Removals(RemovalReason.Evicted),
                Expired = Removals(RemovalReason.Expired),
                Replaced = Removals(RemovalReason.Replaced),
                Removed = Removals(RemovalReason.Removed) + Removals(RemovalReason.Cleared),
                Entries = entries,
                Bytes = bytes,
            };
        }
    }

    /// <summary>
    /// How long factories take, with the pipeline around them, over the last minute; failures count too. Null unless
    /// <see cref="CacheCreation.MeasuresLatency"/> is set.
    /// </summary>
    public PercentileTracker? CreationLatency => _flights.Latency;

    private long Removals(RemovalReason reason) => Volatile.Read(ref _core.Removals[(int)reason]);
}
