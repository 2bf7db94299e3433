using System.Collections.Concurrent;
using Resilience.Caching;

namespace Resilience.Benchmarks;

/// <summary>
/// A set of a new key in a full cache, which gives up another, beside adding a key to a concurrent dictionary and removing the one that came so
/// many before.
/// </summary>
internal sealed class CacheSets : Contest
{
    private readonly ResilientCache<long, Reply> _cache = new(new ResilientCacheOptions<long, Reply>
    {
        MaxEntries = CacheKeys.Count,
        InitialCapacity = CacheKeys.Count,
        Entry = new CacheEntryOptions { TimeToLive = TimeSpan.FromHours(1) },
    });

    private readonly ConcurrentDictionary<long, Reply> _dictionary = new();
    private long _next = CacheKeys.Count;
    private long _nextOfPeer = CacheKeys.Count;

    public CacheSets()
    {
        for (var key = 0L; key < CacheKeys.Count; key++)
        {
            _cache.Set(key, Reply.For((int)key));
            _dictionary[key] = Reply.For((int)key);
        }
    }

    /// <inheritdoc/>
    public override long Ours(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            sum += _cache.Set(_next++, Reply.For(i)) ? 1 : 0;
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Peer(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            _dictionary.TryAdd(_nextOfPeer, Reply.For(i));
            sum += _dictionary.TryRemove(_nextOfPeer++ - CacheKeys.Count, out _) ? 1 : 0;
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Bare(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            sum += Reply.For(i) is null ? 0 : 1;
        }

        return sum;
    }
}
