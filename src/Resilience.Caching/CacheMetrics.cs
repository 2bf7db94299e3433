using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Resilience.Caching;

/// <summary>
/// Publishes the figures of named caches through the meter <c>Resilience</c>, as observable instruments: counting costs a call nothing more. Caches
/// are held weakly.
/// </summary>
internal static class CacheMetrics
{
    private static readonly Meter s_meter = new("Resilience");
    private static readonly ConcurrentDictionary<WeakReference<IMeasuredCache>, string> s_caches = new();
    private static readonly double[] s_quantiles = [0.5, 0.95, 0.99];

    static CacheMetrics()
    {
        s_meter.CreateObservableCounter(
            "resilience.cache.requests",
            static () => Read<long>(static s => [("hit", s.Hits), ("miss", s.Misses - s.Stale), ("stale", s.Stale)], "outcome"), "{request}",
            "Requests, by what was found.");
        s_meter.CreateObservableCounter(
            "resilience.cache.creations",
            static () => Read<long>(static s => [("created", s.Created), ("failed", s.Failed), ("joined", s.Joins)], "outcome"), "{creation}",
            "Values created, failures, and requests that joined a creation under way.");
        s_meter.CreateObservableCounter(
            "resilience.cache.removals",
            static () => Read<long>(
                static s => [("evicted", s.Evicted), ("expired", s.Expired), ("replaced", s.Replaced), ("removed", s.Removed), ("refused", s.Refused)],
                "reason"),
            "{entry}", "Entries that left, or were refused, by reason.");
        s_meter.CreateObservableUpDownCounter(
            "resilience.cache.entries", static () => Read<long>(static s => [("", s.Entries)]), "{entry}", "Entries held.");
        s_meter.CreateObservableUpDownCounter("resilience.cache.size", static () => Read<long>(static s => [("", s.Bytes)]), "By", "Bytes held.");
        s_meter.CreateObservableUpDownCounter(
            "resilience.cache.payload_size", static () => Read<long>(static s => s is PayloadCacheSnapshot p ? [("", p.PayloadBytes)] : []), "By",
            "Bytes of the payloads held, uncompressed.");
        s_meter.CreateObservableGauge(
            "resilience.cache.hit_ratio", static () => Read<double>(static s => Known(s.LastMinute.HitRatio)), "1", "Share of hits, over the last minute.");
        s_meter.CreateObservableGauge(
            "resilience.cache.compressed_share", static () => Read<double>(static s => s is PayloadCacheSnapshot p ? Known(p.CompressedShare) : []), "1",
            "Share of the entries that are compressed.");
        s_meter.CreateObservableGauge(
            "resilience.cache.latency", static () => Latencies(), "s", "Durations over the last minute, by operation and quantile.");
    }

    /// <summary>Publishes a cache for as long as it is reachable.</summary>
    internal static void Add(string name, IMeasuredCache cache)
    {
        // Caches come and go: those that are gone are dropped when another comes.
        foreach (var (held, _) in s_caches)
        {
            if (!held.TryGetTarget(out _))
            {
                s_caches.TryRemove(held, out _);
            }
        }

        s_caches.TryAdd(new WeakReference<IMeasuredCache>(cache), name);
    }

    private static (string Tag, double Figure)[] Known(double figure) => double.IsNaN(figure) ? [] : [("", figure)];

    private static IEnumerable<Measurement<T>> Read<T>(Func<CacheSnapshot, (string Tag, T Figure)[]> figures, string? tag = null)
        where T : struct
    {
        foreach (var (cache, name) in Held())
        {
            foreach (var (value, figure) in figures(cache.Snapshot))
            {
                yield return tag is null
                    ? new Measurement<T>(figure, name)
                    : new Measurement<T>(figure, name, KeyValuePair.Create<string, object?>(tag, value));
            }
        }
    }

    private static IEnumerable<Measurement<double>> Latencies()
    {
        var durations = new TimeSpan[s_quantiles.Length];
        foreach (var (cache, name) in Held())
        {
            foreach (var (operation, tracker) in ((string, PercentileTracker?)[])
                [("get", cache.GetLatency), ("set", cache.SetLatency), ("create", cache.CreationLatency)])
            {
                if (tracker is null || tracker.GetPercentiles(s_quantiles, durations).Count == 0)
                {
                    continue;
                }

                for (var i = 0; i < durations.Length; i++)
                {
                    yield return new Measurement<double>(
                        durations[i].TotalSeconds, name, KeyValuePair.Create<string, object?>("operation", operation),
                        KeyValuePair.Create<string, object?>("quantile", s_quantiles[i]));
                }
            }
        }
    }

    private static IEnumerable<(IMeasuredCache Cache, KeyValuePair<string, object?> Name)> Held()
    {
        foreach (var (held, name) in s_caches)
        {
            if (held.TryGetTarget(out var cache))
            {
                yield return (cache, KeyValuePair.Create<string, object?>("cache.name", name));
            }
        }
    }
}
