namespace Resilience.Caching.Tests;

/// <summary>Every option that cannot be meant is refused, by name.</summary>
public sealed class OptionsTests
{
    [Theory]
    [InlineData(nameof(ResilientCacheOptions<,>.MaxEntries))]
    [InlineData(nameof(ResilientCacheOptions<,>.MaxBytes))]
    [InlineData(nameof(ResilientCacheOptions<,>.InitialCapacity))]
    [InlineData(nameof(ResilientCacheOptions<,>.Eviction))]
    [InlineData(nameof(ResilientCacheOptions<,>.KindOf))]
    [InlineData(nameof(ResilientCacheOptions<,>.Kinds))]
    [InlineData(nameof(ResilientCacheOptions<,>.Entry))]
    [InlineData(nameof(ResilientCacheOptions<,>.Creation))]
    [InlineData(nameof(ResilientCacheOptions<,>.TimeProvider))]
    public void WhenAnOptionCannotBeMeant_TheErrorNamesIt(string option)
    {
        foreach (var options in Bad(option))
        {
            var error = Assert.Throws<ArgumentException>(() => new ResilientCache<int, int>(options));
            Assert.Contains(option, error.Message);
        }
    }

    [Fact]
    public void WhenAnEntrysOptionsCannotBeMeant_TheErrorNamesTheParameter()
    {
        using var cache = new ResilientCache<int, int>();
        var error = Assert.Throws<ArgumentException>(() => cache.Set(1, 1, new CacheEntryOptions { TimeToLive = TimeSpan.Zero }));
        Assert.StartsWith("entryOptions.TimeToLive", error.Message, StringComparison.Ordinal);
        Assert.Equal("entryOptions", error.ParamName);
    }

    [Fact]
    public void WhenTheBoundsOfAResizeCannotBeMeant_NothingChanges()
    {
        using var cache = new ResilientCache<int, int>(new() { MaxEntries = 2 });
        Assert.Throws<ArgumentException>(() => cache.Resize(0));
        Assert.Throws<ArgumentException>(() => cache.Resize(1, 100));
        cache.Set(1, 1);
        cache.Set(2, 2);
        Assert.Equal(2, cache.Count);
    }

    private static IEnumerable<ResilientCacheOptions<int, int>> Bad(string option)
    {
        var good = new ResilientCacheOptions<int, int> { SizeOf = static (_, _) => 1 };
        return option switch
        {
            nameof(good.MaxEntries) => [good with { MaxEntries = 0 }, good with { MaxEntries = -1 }, good with { MaxEntries = int.MaxValue }],
            nameof(good.MaxBytes) => [good with { MaxBytes = 0 }, good with { MaxBytes = long.MaxValue }, good with { MaxBytes = 1, SizeOf = null }],
            nameof(good.InitialCapacity) => [good with { InitialCapacity = -1 }, good with { InitialCapacity = int.MaxValue }],
            nameof(good.Eviction) => [good with { Eviction = (CacheEviction)99 }, good with { Eviction = CacheEviction.Density }],
            nameof(good.KindOf) => [good with { KindOf = static (_, _) => "a" }],
            nameof(good.Kinds) => [
                good with { Kinds = new Dictionary<string, CacheEntryOptions> { ["a"] = null! } },
                good with { Kinds = new Dictionary<string, CacheEntryOptions> { ["a"] = new() { Jitter = double.NaN } } },
            ],
            nameof(good.Entry) => [
                good with { Entry = null! },
                good with { Entry = new() { TimeToLive = TimeSpan.Zero } },
                good with { Entry = new() { TimeToLive = TimeSpan.MaxValue } },
                good with { Entry = new() { Sliding = TimeSpan.FromTicks(-1) } },
                good with { Entry = new() { StaleFor = TimeSpan.FromTicks(-1) } },
                good with { Entry = new() { Jitter = -0.1 } },
                good with { Entry = new() { Jitter = double.PositiveInfinity } },
                good with { Entry = new() { RefreshAfter = 0.5 } },
                good with { Entry = new() { TimeToLive = TimeSpan.FromSeconds(1), RefreshAfter = double.NaN } },
            ],
            nameof(good.Creation) => [
                good with { Creation = null! },
                good with { Creation = new() { SoftTimeout = TimeSpan.FromTicks(-1) } },
                good with { Creation = new() { FailureTimeToLive = TimeSpan.Zero } },
            ],
            _ => [good with { TimeProvider = null! }],
        };
    }
}
