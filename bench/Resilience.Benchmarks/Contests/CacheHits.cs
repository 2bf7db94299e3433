using System.Collections.Concurrent;
using Resilience.Caching;

namespace Resilience.Benchmarks;

/// <summary>
/// A hit on an entry with a time to live, adaptive and counted, beside a hit of a concurrent dictionary and a reading of the tick count: what a
/// cache with expiry cannot do without.
/// </summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TRow">The row's mark; see <see cref="Input{TRow}"/>.</typeparam>
internal class CacheHits<TKey, TRow> : Contest
    where TKey : notnull
    where TRow : struct
{
    private readonly TKey[] _keys;
    private readonly ConcurrentDictionary<TKey, Reply> _dictionary = new();

    public CacheHits(TKey[] keys)
    {
        _keys = keys;
        for (var i = 0; i < keys.Length; i++)
        {
            Cache.Set(keys[i], Reply.For(i));
            _dictionary[keys[i]] = Reply.For(i);
        }
    }

    protected ResilientCache<TKey, Reply> Cache { get; } = new(new ResilientCacheOptions<TKey, Reply>
    {
        MaxEntries = CacheKeys.Count * 2,
        InitialCapacity = CacheKeys.Count * 2,
        Entry = new CacheEntryOptions { TimeToLive = TimeSpan.FromHours(1) },
    });

    /// <inheritdoc/>
    public override long Ours(int calls)
    {
        var (sum, at) = (0L, 0);
        for (var i = 0; i < calls; i++)
        {
            at = CacheKeys.Next(at);
            if (Cache.TryGet(_keys[at], out var reply))
            {
                sum += reply.Value;
            }
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Peer(int calls)
    {
        var (sum, at) = (0L, 0);
        for (var i = 0; i < calls; i++)
        {
            at = CacheKeys.Next(at);
            if (_dictionary.TryGetValue(_keys[at], out var reply) && Environment.TickCount64 > 0)
            {
                sum += reply.Value;
            }
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Bare(int calls)
    {
        var (sum, at) = (0L, 0);
        for (var i = 0; i < calls; i++)
        {
            at = CacheKeys.Next(at);
            sum += Reply.For(at).Value;
        }

        return sum;
    }
}
