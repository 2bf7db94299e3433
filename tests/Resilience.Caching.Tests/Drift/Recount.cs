namespace Resilience.Caching.Tests.Drift;

/// <summary>Counts again what a cache says that it holds. Only while nothing runs.</summary>
internal static class Recount
{
    /// <summary>Null if entries and bytes are those of the entries in the table.</summary>
    public static string? Drift<TKey, TValue>(CacheCore<TKey, TValue, Production> core)
        where TKey : notnull
    {
        var (entries, bytes) = (0, 0L);
        foreach (var entry in core.Enumerate())
        {
            entries++;
            bytes += entry.Size;
        }

        return core.Bounds.Held == (entries, bytes) ? null : $"held {core.Bounds.Held}, counted ({entries}, {bytes})";
    }

    /// <summary>Null if the forms and the hot set are those of the payloads in the table too.</summary>
    public static string? Drift(PayloadCache cache)
    {
        var payloads = cache.Core.Enumerate().Select(static entry => entry.Value).ToList();
        var counted = (
            Compressed: payloads.LongCount(static payload => payload.IsCompressed), PayloadBytes: payloads.Sum(static payload => (long)payload.Length),
            Hot: payloads.Where(static payload => payload.Place != HotPlace.None).Sum(static payload => (long)payload.Length));
        var snapshot = cache.Snapshot;
        var held = (snapshot.Compressed, snapshot.PayloadBytes, cache.HotBytes);
        return Drift(cache.Core) ?? (held == counted ? null : $"held {held}, counted {counted}");
    }
}
