namespace Resilience.Caching.Tests.Payloads;

public sealed class PayloadCacheOptionsTests
{
    public static TheoryData<PayloadCacheOptions, string> Bad => new()
    {
        { new() { MaxBytes = 0 }, "MaxBytes is 0: from 1" },
        { new() { MaxBytes = long.MaxValue }, "MaxBytes is 9223372036854775807: from 1" },
        { new() { MaxEntries = 0 }, "MaxEntries is 0: from 1 to 8388607" },
        { new() { InitialCapacity = -1 }, "InitialCapacity is -1: from 0" },
        { new() { Eviction = (CacheEviction)99 }, "Eviction is 99" },
        { new() { ColdShare = double.NaN }, "ColdShare is NaN: from 0 to 1" },
        { new() { ColdShare = -0.1 }, "ColdShare is -0.1: from 0 to 1" },
        { new() { ColdShare = 1.1 }, "ColdShare is 1.1: from 0 to 1" },
        { new() { BackgroundAbove = -1 }, "BackgroundAbove is -1: at least 0" },
        { new() { QueueCapacity = 0 }, "QueueCapacity is 0: from 1 to 1048576" },
        { new() { QueueCapacity = int.MaxValue }, "QueueCapacity is 2147483647: from 1" },
        { new() { Entry = null! }, "Entry is null" },
        { new() { Creation = null! }, "Creation is null" },
        { new() { Creation = new CacheCreation { SoftTimeout = TimeSpan.FromDays(2) } }, "Creation.SoftTimeout is from zero to a day" },
        { new() { Compression = null! }, "Compression is null" },
        { new() { TimeProvider = null! }, "TimeProvider is null" },
        { new() { Entry = new CacheEntryOptions { TimeToLive = TimeSpan.Zero } }, "Entry.TimeToLive" },
        { new() { Compression = new CompressionOptions { BrotliQuality = 12 } }, "BrotliQuality is 12" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void WhenAnOptionIsOutOfRange_ItIsNamedWithValueAndRange(PayloadCacheOptions options, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => new PayloadCache(options)).Message, StringComparison.Ordinal);

    [Fact]
    public void WhenAnEntrysOptionsAreOutOfRange_NothingIsStored()
    {
        var cache = new PayloadCache();
        Assert.Throws<ArgumentException>(() => cache.Set("key", [1], new CacheEntryOptions { TimeToLive = TimeSpan.Zero }));
        Assert.Throws<ArgumentNullException>(() => cache.Set(null!, [1]));
        Assert.Equal(0, cache.Count);
    }
}
