namespace Resilience.Caching.Tests;

/// <summary>Sequences of requests, and how many of them a policy answers.</summary>
internal static class Requests
{
    public static IEnumerable<int> Loop(int length, int times) => Enumerable.Range(0, times).SelectMany(_ => Enumerable.Range(0, length));

    /// <summary>A set of so many keys that moves on by one key each twenty requests.</summary>
    public static IEnumerable<int> Sliding(int width, int count)
    {
        var random = new Random(3);
        return Enumerable.Range(0, count).Select(i => (i / 20) + random.Next(width));
    }

    /// <summary>Few keys that are asked for often, among many that come once.</summary>
    public static IEnumerable<int> Scanned(int hot, int count)
    {
        var random = new Random(4);
        return Enumerable.Range(0, count).Select(i => i % 2 == 0 ? random.Next(hot) : 1_000_000 + i);
    }

    /// <summary>The share of hits in per cent.</summary>
    public static double Play(IEnumerable<int> requests, int capacity, CacheEviction eviction, uint seed = 1)
    {
        using var cache = new ResilientCache<int, int>(new() { MaxEntries = capacity, Eviction = eviction, Seed = seed });
        var (hits, all) = (0, 0);
        foreach (var key in requests)
        {
            all++;
            if (cache.TryGet(key, out _))
            {
                hits++;
            }
            else
            {
                cache.Set(key, key);
            }
        }

        return 100.0 * hits / all;
    }
}
