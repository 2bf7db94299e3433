using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Resilience.Caching;

/// <summary>
/// Publishes the counts of named caches through the meter <c>Resilience</c>, as observable instruments: counting costs a call nothing more. Caches
/// are held weakly.
/// </summary>
internal static class CacheMetrics
{
    private static readonly Meter s_meter = new("Resilience");
    private static readonly ConcurrentDictionary<WeakReference<Func<CacheSnapshot>>, string> s_caches = new();

    static CacheMetrics()
    {
        s_meter.CreateObservableCounter(
            "resilience.cache.requests",
            static () => Read(static s => [("hit", s.Hits), ("miss", s.Misses - s.Stale), ("stale", s.Stale)], "outcome"), "{request}",
            "Requests, by what was found.");
        s_meter.CreateObservableCounter(
            "resilience.cache.creations",
            static () => Read(static s => [("created", s.Created), ("failed", s.Failed), ("joined", s.Joins)], "outcome"), "{creation}",
            "Values created, failures, and requests that joined a creation under way.");
        s_meter.CreateObservableCounter(
            "resilience.cache.removals",
            static () => Read(
                static s => [("evicted", s.Evicted), ("expired", s.Expired), ("replaced", s.Replaced), ("removed", s.Removed), ("refused", s.Refused)],
                "reason"),
            "{entry}", "Entries that left, or were refused, by reason.");
        s_meter.CreateObservableUpDownCounter(
            "resilience.cache.entries", static () => Read(static s => [("", (long)s.Entries)], null), "{entry}", "Entries held.");
        s_meter.CreateObservableUpDownCounter(
            "resilience.cache.size", static () => Read(static s => [("", s.Bytes)], null), "By", "Bytes held.");
    }

    /// <summary>Publishes a cache for as long as <paramref name="read"/>, which it must keep, is reachable.</summary>
    internal static void Add(string name, Func<CacheSnapshot> read)
    {
        // Caches come and go: those that are gone are dropped when another comes.
        foreach (var (held, _) in s_caches)
        {
            if (!held.TryGetTarget(out _))
            {
                s_caches.TryRemove(held, out _);
            }
        }

        s_caches.TryAdd(new WeakReference<Func<CacheSnapshot>>(read), name);
    }

    private static IEnumerable<Measurement<long>> Read(Func<CacheSnapshot, (string Tag, long Count)[]> counts, string? tag)
    {
        foreach (var (held, name) in s_caches)
        {
            if (!held.TryGetTarget(out var read))
            {
                continue;
            }

            var cache = KeyValuePair.Create<string, object?>("cache.name", name);
            foreach (var (value, count) in counts(read()))
            {
                yield return tag is null
                    ? new Measurement<long>(count, cache)
                    : new Measurement<long>(count, cache, KeyValuePair.Create<string, object?>(tag, value));
            }
        }
    }
}
