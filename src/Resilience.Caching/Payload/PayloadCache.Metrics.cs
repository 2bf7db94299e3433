namespace Resilience.Caching;

/// <content>What it holds, and what it has counted.</content>
public sealed partial class PayloadCache : IMeasuredCache
{
    // By CacheColumn and by PayloadColumn: one has not as many columns.
    private readonly StripedCounter<Production> _counters = new();
    private readonly StripedCounter<Production> _forms = new();
    private readonly HitWindows _windows;
    private readonly LatencySample? _gets;
    private readonly LatencySample? _sets;

    /// <summary>What it holds, and has counted until now. O(threads).</summary>
    public PayloadCacheSnapshot Snapshot
    {
        get
        {
            var (entries, bytes) = _core.Bounds.Held;
            var (minute, hour) = _windows.Read(_core.Clock.Coarse);
            return new PayloadCacheSnapshot
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
                Replaced = Math.Max(0, Removals(RemovalReason.Replaced) - Volatile.Read(ref _swapped)),
                Removed = Removals(RemovalReason.Removed) + Removals(RemovalReason.Cleared),
                Entries = entries,
                Bytes = bytes,
                LastMinute = minute,
                LastHour = hour,
                Compressed = Volatile.Read(ref _compressed),
                PayloadBytes = Volatile.Read(ref _payloadBytes),
                Inflated = _forms.Sum(PayloadColumn.Inflated),
                Corrupt = _forms.Sum(PayloadColumn.Corrupt),
                Compressions = _forms.Sum(PayloadColumn.Compressions),
                Recompressions = _forms.Sum(PayloadColumn.Recompressions),
                Promotions = _forms.Sum(PayloadColumn.Promotions),
                Incompressible = _forms.Sum(PayloadColumn.Incompressible),
                Overflowed = Volatile.Read(ref _overflowed),
                Waiting = _queue.Count,
            };
        }
    }

    /// <summary>
    /// How long gets take, with copying and inflating, over the last minute, those included that create and complete at once: of each thread's at
    /// most one in 64. Null unless
    /// <see cref="PayloadCacheOptions.MeasuresLatency"/> is set.
    /// </summary>
    public PercentileTracker? GetLatency => _gets?.Tracker;

    /// <summary>How long sets take, sampled as <see cref="GetLatency"/> is. Null if that is not measured.</summary>
    public PercentileTracker? SetLatency => _sets?.Tracker;

    /// <summary>
    /// How long factories take, with the pipeline around them, over the last minute; failures count too. Null unless
    /// <see cref="CacheCreation.MeasuresLatency"/> is set.
    /// </summary>
    public PercentileTracker? CreationLatency => _flights.Latency;

    /// <inheritdoc/>
    CacheSnapshot IMeasuredCache.Snapshot => Snapshot;

    private long Removals(RemovalReason reason) => Volatile.Read(ref _core.Removals[(int)reason]);
}
