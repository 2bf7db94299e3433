using Resilience.Caching.Tests.Compression;
using Resilience.Testing;

namespace Resilience.Caching.Tests.Payloads;

/// <summary>Bounds that change, and the keys that are there.</summary>
public sealed class PayloadBoundsTests
{
    [Fact]
    public void WhenTheBoundsShrink_WhatIsAboveLeaves_AndWhenTheyGrowThereIsRoom()
    {
        var cache = new PayloadCache(new PayloadCacheOptions { MaxBytes = 1_000, ColdShare = 0, Eviction = CacheEviction.LeastRecentlyUsed });
        for (var i = 0; i < 10; i++)
        {
            cache.Set($"{i}", new byte[100]);
        }

        cache.Resize(450, 8);
        Assert.Equal((4, 400L), (cache.Count, cache.Bytes));
        Assert.Equal(["6", "7", "8", "9"], cache.Keys.Order());
        cache.Resize(450, 2);
        Assert.Equal((2, 200L), (cache.Count, cache.Bytes));
        cache.Resize(2_000, 20);
        for (var i = 0; i < 18; i++)
        {
            cache.Set($"new {i}", new byte[100]);
        }

        Assert.Equal((20, 2_000L), (cache.Count, cache.Bytes));
        Assert.Equal(8, cache.Snapshot.Evicted);
    }

    [Fact]
    public void WhenTheBytesShrink_TheHotShareDoesToo()
    {
        var cache = new PayloadCache(new PayloadCacheOptions { MaxBytes = 400_000, Seed = 1 }, isManual: true);
        for (var i = 0; i < 20; i++)
        {
            cache.Set($"{i}", Samples.Json(8_000, i));
        }

        Assert.Equal((0, 0, 160_000L), (cache.Snapshot.Compressed, cache.Snapshot.Waiting, cache.HotBytes));
        cache.Resize(200_000, 1_000);
        cache.DrainBackground();
        Assert.InRange(cache.HotBytes, 1, 100_000);
        Assert.Equal((20, 8), (cache.Count, cache.Snapshot.Compressed));
        cache.Resize(100L << 20, 1_000);
        for (var i = 20; i < 40; i++)
        {
            cache.Set($"{i}", Samples.Json(8_000, i));
        }

        cache.DrainBackground();
        Assert.Equal((40, 8), (cache.Count, cache.Snapshot.Compressed));
    }

    [Theory]
    [InlineData(0, 1, "MaxBytes is 0")]
    [InlineData(1, 0, "MaxEntries is 0")]
    public void WhenABoundIsOutOfRange_ItIsNamed_AndNothingChanges(long bytes, int entries, string message)
    {
        var cache = new PayloadCache();
        cache.Set("key", [1]);
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => cache.Resize(bytes, entries)).Message, StringComparison.Ordinal);
        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public void WhenEntriesHaveExpired_TheirKeysAreNotEnumerated()
    {
        var clock = new ManualClock();
        var cache = new PayloadCache(new PayloadCacheOptions { TimeProvider = clock });
        cache.Set("old", [1], new CacheEntryOptions { TimeToLive = TimeSpan.FromSeconds(1) });
        cache.Set("new", [2]);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["new"], cache.Keys);
        Assert.Equal((0, 0), (cache.Snapshot.Hits, cache.Snapshot.Misses));
    }
}
