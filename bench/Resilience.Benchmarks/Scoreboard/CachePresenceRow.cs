using Microsoft.Extensions.Caching.Memory;
using Resilience.Caching;

namespace Resilience.Benchmarks;

/// <summary>
/// New keys are set in full caches: what a set costs beside <see cref="MemoryCache"/>'s at its limit of sizes, and how many of the last keys, as
/// many as fit, are there afterwards. The ratio is the one share over the other.
/// </summary>
internal sealed class CachePresenceRow(string name) : Row(name)
{
    private const int Sets = 200_000;

    /// <inheritdoc/>
    public override RowResult Measure(Control control)
    {
        using var ours = new ResilientCache<long, Reply>(new() { MaxEntries = CacheKeys.Count, InitialCapacity = CacheKeys.Count });
        using var peer = new MemoryCache(new MemoryCacheOptions { SizeLimit = CacheKeys.Count });
        for (var key = 0L; key < Sets; key++)
        {
            ours.Set(key, Reply.For((int)key));
            peer.Set(key, Reply.For((int)key), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) });
        }

        var last = Enumerable.Range(Sets - CacheKeys.Count, CacheKeys.Count).Select(static key => (long)key).ToArray();
        var share = (double)last.Count(key => ours.TryGet(key, out _)) / CacheKeys.Count;
        var shareOfPeer = (double)last.Count(key => peer.TryGetValue(key, out _)) / CacheKeys.Count;
        return new RowResult
        {
            Name = Name,
            PeerName = nameof(MemoryCache),
            Ratio = share / Math.Max(shareOfPeer, 1.0 / CacheKeys.Count),
            Target = Target,
            Note = $"of the last {CacheKeys.Count:N0} of {Sets:N0} keys set, {share:0.0%} are there, of the peer's {shareOfPeer:0.0%}",
        };
    }
}
