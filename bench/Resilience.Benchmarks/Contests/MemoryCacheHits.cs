using Microsoft.Extensions.Caching.Memory;

namespace Resilience.Benchmarks;

/// <summary>The same hit beside one of <see cref="MemoryCache"/>, whose keys are objects: numbers are boxed beforehand.</summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TRow">The row's mark; see <see cref="Input{TRow}"/>.</typeparam>
internal sealed class MemoryCacheHits<TKey, TRow> : CacheHits<TKey, TRow>
    where TKey : notnull
    where TRow : struct
{
    private readonly MemoryCache _peer = new(new MemoryCacheOptions { SizeLimit = CacheKeys.Count * 2 });
    private readonly object[] _objects;

    public MemoryCacheHits(TKey[] keys)
        : base(keys)
    {
        _objects = [.. keys.Select(static key => (object)key)];
        for (var i = 0; i < keys.Length; i++)
        {
            _peer.Set(_objects[i], Reply.For(i), new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1), Size = 1 });
        }
    }

    /// <inheritdoc/>
    public override long Peer(int calls)
    {
        var (sum, at) = (0L, 0);
        for (var i = 0; i < calls; i++)
        {
            at = CacheKeys.Next(at);
            if (_peer.TryGetValue(_objects[at], out var reply))
            {
                sum += ((Reply)reply!).Value;
            }
        }

        return sum;
    }
}
