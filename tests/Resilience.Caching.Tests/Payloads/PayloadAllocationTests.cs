using System.Buffers;
using Resilience.Caching.Tests.Compression;

namespace Resilience.Caching.Tests.Payloads;

[Collection(AloneCollection.Name)]
public sealed class PayloadAllocationTests
{
    private readonly byte[] _room = new byte[10_000];

    [Theory]
    [InlineData(0, 100)]
    [InlineData(0.5, 8_000)]
    [InlineData(1, 3_000)]
    [InlineData(1, 8_000)]
    public void WhenAPayloadIsRead_NothingIsAllocated(double share, int length)
    {
        var cache = new PayloadCache(new PayloadCacheOptions { ColdShare = share }, isManual: true);
        cache.Set("key", Samples.Json(length));
        var writer = new ArrayBufferWriter<byte>(20_000);
        Assert.Equal(0, CodecAllocationTests.AllocatedBy(() => cache.TryGet("key", _room, out _)));
        Assert.Equal(0, CodecAllocationTests.AllocatedBy(() =>
        {
            writer.ResetWrittenCount();
            cache.TryGet("key", writer);
        }));
        Assert.Equal(0, CodecAllocationTests.AllocatedBy(() =>
        {
            cache.TryRent("key", out var lease);
            lease.Dispose();
        }));
        Assert.Equal(0, CodecAllocationTests.AllocatedBy(() =>
        {
            var call = cache.GetOrCreateAsync("key", this, static (_, _, _) => throw new IOException());
            Assert.True(call.IsCompletedSuccessfully);
            call.Result.Dispose();
        }));
        Assert.Equal(0, CodecAllocationTests.AllocatedBy(() => cache.TryGet("other", _room, out _)));
    }
}
