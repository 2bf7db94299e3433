using Resilience.Tests.Latency;

namespace Resilience.Caching.Tests;

[Collection(AloneCollection.Name)]
public sealed class AllocationTests
{
    public static TheoryData<CacheEviction> Evictions { get; } = [.. Enum.GetValues<CacheEviction>()];

    [Theory]
    [MemberData(nameof(Evictions))]
    public void WhenALongKeyIsHitOrMissed_NothingIsAllocated(CacheEviction eviction)
    {
        using var cache = new ResilientCache<long, object>(new ResilientCacheOptions<long, object>
        {
            Eviction = eviction,
            MaxBytes = 1_000,
            SizeOf = static (_, _) => 1,
            Entry = new CacheEntryOptions { TimeToLive = TimeSpan.FromHours(1), Sliding = TimeSpan.FromMinutes(1) },
        });
        for (var key = 0; key < 100; key++)
        {
            cache.Set(key, cache);
        }

        Allocations.AssertNone(i => Assert.True(i % 200 < 100 == cache.TryGet(i % 200, out _)));
    }

    [Fact]
    public void WhenAStringIsLookedUpBySpan_NothingIsAllocated()
    {
        using var cache = new ResilientCache<string, string>();
        cache.Set("customer:4711", "Ada");
        var lookup = cache.GetAlternateLookup<ReadOnlySpan<char>>();
        Allocations.AssertNone(i =>
        {
            Assert.True(lookup.TryGet("a customer:4711".AsSpan(2), out var name));
            Assert.True(name.Length == 3);
            Assert.True(cache.TryGet("customer:4711", out _));
        });
    }

    [Fact]
    public void WhenAValueIsRented_NothingIsAllocated()
    {
        using var cache = new ResilientCache<int, string>();
        cache.Set(1, "one");
        Allocations.AssertNone(_ =>
        {
            Assert.True(cache.TryRent(1, out var lease));
            lease.Dispose();
        });
    }
}
