using Resilience.Caching;

namespace Resilience.Benchmarks;

/// <summary>Plays a trace against the cache through its public surface: what is not found is set.</summary>
internal static class HitRun
{
    /// <summary>The share of requests that were hits, in per cent.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="capacity">The most entries or, where the trace has sizes, bytes.</param>
    /// <param name="eviction">The policy.</param>
    /// <param name="seed">Of the adaptive policy's sample.</param>
    public static double Play(Trace trace, long capacity, CacheEviction eviction, uint seed)
    {
        var options = new ResilientCacheOptions<long, long> { Eviction = eviction, Seed = seed };
        using var cache = new ResilientCache<long, long>(trace.HasSizes
            ? options with { MaxEntries = ResilientCacheOptions<long, long>.MostEntries, MaxBytes = capacity, SizeOf = static (_, size) => size }
            : options with { MaxEntries = (int)capacity });
        var hits = 0L;
        foreach (var request in trace.Requests)
        {
            if (cache.TryGet(request.Key, out _))
            {
                hits++;
            }
            else
            {
                cache.Set(request.Key, request.Size);
            }
        }

        return 100.0 * hits / trace.Requests.Length;
    }
}
