namespace Resilience.Benchmarks;

internal static class CacheRows
{
    private const string Floor = "dictionary hit and tick count";
    private const string Framework = "MemoryCache";
    private const string Hit = "10,000 entries with a time to live, adaptive, hits counted";

    public static IReadOnlyList<Row> All { get; } =
    [
        new ContestRow("cache.hit", static () => new CacheHits<long, Long>(CacheKeys.Numbers))
        {
            Target = Target.TimesTheCost(2),
            PeerName = Floor,
            Note = Hit,
        },
        new ContestRow("cache.hit.string", static () => new CacheHits<string, String>(CacheKeys.Names))
        {
            Target = Target.TimesTheCost(1.4),
            PeerName = Floor,
            Note = Hit,
        },
        new ContestRow("cache.hit.framework", static () => new MemoryCacheHits<long, LongPeer>(CacheKeys.Numbers))
        {
            Target = Target.TimesFaster(2.5),
            PeerName = Framework,
            Note = Hit,
        },
        new ContestRow("cache.hit.string.framework", static () => new MemoryCacheHits<string, StringPeer>(CacheKeys.Names))
        {
            Target = Target.TimesFaster(1.6),
            PeerName = Framework,
            Note = Hit,
        },
        new ScalingRow("cache.hit.2threads", static () => new CacheHits<long, Scaling>(CacheKeys.Numbers)) { Target = Target.TimesFaster(0.85) },
        new ContestRow("cache.getorcreate.hit", static () => new CacheCreatedHits<long, Created>(CacheKeys.Numbers))
        {
            Target = Target.TimesTheCost(2),
            PeerName = Floor,
            Note = Hit,
        },
        new ContestRow("cache.getorcreate.hit.string", static () => new CacheCreatedHits<string, CreatedString>(CacheKeys.Names))
        {
            Target = Target.TimesTheCost(1.4),
            PeerName = Floor,
            Note = Hit,
        },
        new ContestRow("cache.set-evict", static () => new CacheSets())
        {
            Target = Target.TimesTheCost(2),
            BytesLimit = null,
            PeerName = "dictionary add and remove",
            Note = "a new key in a full cache of 10,000, adaptive",
        },
        new CachePresenceRow("cache.set-evict.present") { Target = Target.TimesFaster(1) },
        new ExpireTogetherRow("cache.expire-together") { Target = Target.TimesTheCost(1) },
    ];

    private struct Long;

    private struct String;

    private struct LongPeer;

    private struct StringPeer;

    private struct Scaling;

    private struct Created;

    private struct CreatedString;
}
