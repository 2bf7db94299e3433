using System.Buffers;
using Microsoft.Extensions.Caching.Distributed;
using Resilience.Testing;

namespace Resilience.Caching.Tests.Payloads;

public sealed class DistributedCacheTests
{
    private readonly ManualClock _clock = new();
    private readonly IBufferDistributedCache _cache;

    public DistributedCacheTests() => _cache = new PayloadCache(new PayloadCacheOptions { TimeProvider = _clock });

    [Fact]
    public async Task WhenUsedAsADistributedCache_EveryWayThereAndBackIsWhole()
    {
        _cache.Set("a", [1, 2], new DistributedCacheEntryOptions());
        await _cache.SetAsync("b", [3], new DistributedCacheEntryOptions());
        _cache.Set("c", new ReadOnlySequence<byte>([4]), new DistributedCacheEntryOptions());
        await _cache.SetAsync("d", new ReadOnlySequence<byte>([5]), new DistributedCacheEntryOptions());
        Assert.Equal([1, 2], _cache.Get("a"));
        Assert.Equal([3], await _cache.GetAsync("b"));
        var writer = new ArrayBufferWriter<byte>();
        Assert.True(_cache.TryGet("c", writer));
        Assert.True(await _cache.TryGetAsync("d", writer));
        Assert.Equal([4, 5], writer.WrittenSpan.ToArray());

        _cache.Remove("a");
        await _cache.RemoveAsync("b");
        Assert.Null(_cache.Get("a"));
        Assert.Null(await _cache.GetAsync("b"));
        Assert.False(_cache.TryGet("a", writer));
        Assert.False(await _cache.TryGetAsync("b", writer));
    }

    [Fact]
    public void WhenExpirationsAreGiven_TheyAreKept()
    {
        _cache.Set("relative", [1], new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(10) });
        _cache.Set("date", [1], new() { AbsoluteExpiration = _clock.GetUtcNow().AddSeconds(20) });
        _cache.Set("sliding", [1], new() { SlidingExpiration = TimeSpan.FromSeconds(15) });
        _cache.Set("far", [1], new() { AbsoluteExpiration = DateTimeOffset.MaxValue });
        _clock.Advance(TimeSpan.FromSeconds(10));
        _cache.Refresh("sliding");
        Assert.Equal((false, true, true), (Has("relative"), Has("date"), Has("sliding")));
        _clock.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal((false, true, true), (Has("date"), Has("sliding"), Has("far")));
        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal((false, true), (Has("sliding"), Has("far")));
    }

    [Fact]
    public void WhenTheCacheRefreshesAhead_AnEntryMayOnlySlide()
    {
        IBufferDistributedCache cache = new PayloadCache(new PayloadCacheOptions
        {
            Entry = new CacheEntryOptions { TimeToLive = TimeSpan.FromMinutes(1), RefreshAfter = 0.8 },
            TimeProvider = _clock,
        });
        cache.Set("key", [1], new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromHours(1) });
        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.NotNull(cache.Get("key"));
    }

    [Fact]
    public async Task WhenRefreshed_ItSlides_AndAnUnknownKeyIsNoError()
    {
        _cache.Set("key", [1], new() { SlidingExpiration = TimeSpan.FromSeconds(10) });
        for (var i = 0; i < 5; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(9));
            await _cache.RefreshAsync("key");
            await _cache.RefreshAsync("other");
        }

        Assert.True(Has("key"));
    }

    [Fact]
    public void WhenTheDateHasPassed_ItIsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _cache.Set("key", [1], new() { AbsoluteExpiration = _clock.GetUtcNow() }));

    [Fact]
    public async Task WhenArgumentsAreNull_TheyAreNamed()
    {
        var none = new DistributedCacheEntryOptions();
        Assert.Throws<ArgumentNullException>(() => _cache.Get(null!));
        Assert.Throws<ArgumentNullException>(() => _cache.Set(null!, [1], none));
        Assert.Throws<ArgumentNullException>(() => _cache.Set("key", (byte[])null!, none));
        Assert.Throws<ArgumentNullException>(() => _cache.Set("key", [1], null!));
        Assert.Throws<ArgumentNullException>(() => _cache.TryGet("key", null!));
        Assert.Throws<ArgumentNullException>(() => _cache.Remove(null!));
        Assert.Throws<ArgumentNullException>(() => _cache.Refresh(null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _cache.GetAsync(null!));
    }

    [Fact]
    public async Task WhenCancelledBefore_NothingIsDone()
    {
        var cancelled = new CancellationToken(canceled: true);
        var none = new DistributedCacheEntryOptions();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _cache.SetAsync("key", [1], none, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _cache.SetAsync("key", new ReadOnlySequence<byte>([1]), none, cancelled));
        Assert.False(Has("key"));
        _cache.Set("key", [1], none);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _cache.GetAsync("key", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _cache.TryGetAsync("key", new ArrayBufferWriter<byte>(), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _cache.RefreshAsync("key", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _cache.RemoveAsync("key", cancelled));
        Assert.True(Has("key"));
    }

    private bool Has(string key) => ((PayloadCache)_cache).Contains(key);
}
