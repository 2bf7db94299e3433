using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

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
            var (minute, hour) = _windows.Read(_core.Clock.Coarse);
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
                LastMinute = minute,
                LastHour = hour,
            };
        }
    }

    /// <summary>
    /// How long gets take over the last minute, those included that create and complete at once: of each thread's at most one in 64. Null unless
    /// <see cref="ResilientCacheOptions{TKey, TValue}.MeasuresLatency"/> is set.
    /// </summary>
    public PercentileTracker? GetLatency => _gets?.Tracker;

    /// <summary>How long sets take, sampled as <see cref="GetLatency"/> is. Null if that is not measured.</summary>
    public PercentileTracker? SetLatency => _sets?.Tracker;

    /// <summary>
    /// How long factories take, with the pipeline around them, over the last minute; failures count too. Null unless
    /// <see cref="CacheCreation.MeasuresLatency"/> is set.
    /// </summary>
    public PercentileTracker? CreationLatency => _flights.Latency;

    /// <summary>The core, for tests.</summary>
    internal CacheCore<TKey, TValue, Production> Core => _core;

    /// <summary>How many values are on their way, for tests.</summary>
    internal int Underway => _flights.Underway;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryGetTimed(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var tracker = _gets!.Tracker;
        var start = tracker.Start();
        var isThere = TryGet(key, out value);
        tracker.Record(start);
        return isThere;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryRentTimed(TKey key, out CacheLease<TValue> lease)
    {
        var tracker = _gets!.Tracker;
        var start = tracker.Start();
        var isThere = TryRent(key, out lease);
        tracker.Record(start);
        return isThere;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool SetTimed(TKey key, TValue value, CacheEntryOptions? entryOptions)
    {
        var tracker = _sets!.Tracker;
        var start = tracker.Start();
        var isStored = Set(key, value, entryOptions);
        tracker.Record(start);
        return isStored;
    }

    private long Removals(RemovalReason reason) => Volatile.Read(ref _core.Removals[(int)reason]);
}
