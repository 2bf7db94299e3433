using Resilience.Caching.Tests.Compression;

namespace Resilience.Caching.Tests.Payloads;

public sealed class PayloadConcurrencyTests
{
    private const int Keys = 64;
    private const int Threads = 4;
    private const int Operations = 6_000;

    [Theory]
    [InlineData(0.5, default(CacheEviction))]
    [InlineData(0.9, CacheEviction.LeastRecentlyUsed)]
    [InlineData(1, CacheEviction.LeastFrequentlyUsed)]
    public async Task WhenThreadsDoEverythingAtOnce_NoByteIsWrong_AndNoneIsLostOrCountedTwice(double share, CacheEviction eviction)
    {
        const long MaxBytes = 120_000;
        var payloads = Enumerable.Range(0, Keys).Select(i => Samples.Json(2_000 + (i * 150), i)).ToArray();
        var cache = new PayloadCache(new PayloadCacheOptions { MaxBytes = MaxBytes, ColdShare = share, Eviction = eviction, QueueCapacity = 16, Seed = 1 });
        var most = 0L;
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            var random = new Random(thread);
            var room = new byte[payloads[^1].Length];
            for (var i = 0; i < Operations; i++)
            {
                var key = Math.Min(random.Next(Keys), random.Next(Keys));
                Step(cache, key, payloads[key], room, random);
                var bytes = cache.Bytes;
                if (bytes > Volatile.Read(ref most))
                {
                    Volatile.Write(ref most, bytes);
                }
            }
        })));

        var wait = default(SpinWait);
        for (var key = 0; key < Keys; key++)
        {
            cache.Set($"{key}", payloads[key]);
        }

        // The burst was more than the queue takes; the rest comes by itself.
        while (cache.Snapshot is { Waiting: > 0 } or { Compressions: 0 })
        {
            wait.SpinOnce();
        }

        Assert.All(Enumerable.Range(0, Keys), key => Assert.True(cache.Get($"{key}") is not { } bytes || bytes.AsSpan().SequenceEqual(payloads[key])));
        Assert.True(most <= MaxBytes, $"{most} of {MaxBytes}");
        Assert.Equal(0, cache.Snapshot.Corrupt);
        // The last piece of work may still be running: it counts for what it has seen leave.
        for (cache.Clear(); cache.HotBytes != 0 || cache.Snapshot is { Bytes: > 0 } or { PayloadBytes: not 0 }; cache.Clear())
        {
            wait.SpinOnce();
        }

        Assert.Equal((0, 0), (cache.Count, cache.Snapshot.Compressed));
    }

    private static void Step(PayloadCache cache, int key, byte[] payload, byte[] room, Random random)
    {
        switch (random.Next(10))
        {
            case < 3:
                cache.Set($"{key}", payload);
                break;
            case 3:
                cache.Remove($"{key}");
                break;
            case 4 when cache.TryRent($"{key}", out var lease):
                Assert.True(payload.AsSpan().SequenceEqual(lease.Memory.Span));
                lease.Dispose();
                lease.Dispose();
                break;
            default:
                if (cache.TryGet($"{key}", room, out var length))
                {
                    Assert.True(payload.AsSpan().SequenceEqual(room.AsSpan(0, length)));
                }

                break;
        }
    }
}
