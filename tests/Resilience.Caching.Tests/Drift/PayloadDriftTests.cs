using System.Buffers;
using Resilience.Caching.Tests.Compression;
using Resilience.Tests.Latency;

namespace Resilience.Caching.Tests.Drift;

/// <summary>
/// A million operations, a hundred million with RESILIENCE_SOAK=1, on payloads that are compressed and become raw again meanwhile: after them entries,
/// bytes, forms and the hot set are exactly those in the table, and nothing when it is cleared.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class PayloadDriftTests
{
    private const int Threads = 4;
    private const int Operations = 1_000_000;
    private const int FewOperations = 20_000;
    private const int MaxEntries = 400;
    private const int MaxBytes = 60_000;
    private const int Keys = 1_500;
    private static readonly string[] s_keys = [.. Enumerable.Range(0, Keys).Select(static i => $"{i}")];
    private static readonly byte[][] s_payloads = [.. Enumerable.Range(0, 64).Select(static i => Samples.Json(i % 8 == 0 ? 1_200 : i * 4, i))];

    [Theory]
    [InlineData(0.7)]
    [InlineData(1)]
    public async Task WhenManyOperationsOverlap_NothingDrifts(double coldShare)
    {
        var cache = await Run(coldShare, (long)Operations * Soak.Factor);
        Assert.Null(Recount.Drift(cache));
        var counts = cache.Snapshot;
        Assert.InRange(counts.Compressed, 1, counts.Entries);
        Assert.Equal(0, counts.Corrupt);
        Assert.True(coldShare == 1 || counts.Promotions > 0);
        cache.Clear();
        Assert.Equal((0, 0L), cache.Core.Bounds.Held);
        Assert.Null(Recount.Drift(cache));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task WhenOneOperationIsWrong_TheRecountCatchesIt(int bug)
    {
        var cache = await Run(0.7, FewOperations);
        var entry = cache.Core.Enumerate().First(static entry => entry.Value.Place != HotPlace.None);
        switch (bug)
        {
            case 0:
                // Left, and its lease never returned.
                Assert.True(entry.TryPin<Production>() && cache.Core.Remove(entry, RemovalReason.Removed));
                break;
            case 1:
                // Watched without being counted.
                entry.Value.Place = HotPlace.None;
                break;
            default:
                // Swapped behind the cache's back.
                Assert.True(cache.Core.TrySwap(entry, new(entry.Key, new Payload([1], 1, isCompressed: true), entry.Hash) { Size = 1 }));
                break;
        }

        Assert.NotNull(Recount.Drift(cache));
    }

    private static async Task<PayloadCache> Run(double coldShare, long operations)
    {
        var cache = new PayloadCache(
            new PayloadCacheOptions
            {
                MaxEntries = MaxEntries,
                MaxBytes = MaxBytes,
                ColdShare = coldShare,
                QueueCapacity = 64,
                Seed = 1,
                Entry = new CacheEntryOptions { TimeToLive = TimeSpan.FromMilliseconds(50), StaleFor = TimeSpan.FromMilliseconds(5) },
            },
            isManual: true);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(async () =>
        {
            var random = new Random(thread);
            var room = new byte[1_200];
            var leases = new Queue<PayloadLease>();
            for (var i = 0L; i < operations / Threads; i++)
            {
                await Step(cache, random, room, leases);
            }

            foreach (var lease in leases)
            {
                lease.Dispose();
            }
        })));
        cache.DrainBackground();
        return cache;
    }

    private static async ValueTask Step(PayloadCache cache, Random random, byte[] room, Queue<PayloadLease> leases)
    {
        var key = s_keys[Math.Min(random.Next(Keys), random.Next(Keys))];
        var payload = s_payloads[random.Next(s_payloads.Length)];
        switch (random.Next(32))
        {
            case < 8:
                cache.Set(key, payload);
                break;
            case < 10:
                cache.Remove(key);
                break;
            case < 12 when cache.TryRent(key, out var lease):
                leases.Enqueue(lease);
                if (leases.Count > 4)
                {
                    leases.Dequeue().Dispose();
                }

                break;
            case < 14:
                (await cache.GetOrCreateAsync(key, payload, static (payload, writer, _) =>
                {
                    writer.Write(payload);
                    return default;
                })).Dispose();
                break;
            case 14 when random.Next(20) == 0:
                cache.DrainBackground();
                break;
            case 15 when random.Next(1_000) == 0:
                cache.Resize(MaxBytes / 2, MaxEntries / 2);
                cache.Resize(MaxBytes, MaxEntries);
                break;
            default:
                cache.TryGet(key, room, out _);
                break;
        }

        Assert.True(cache.Count <= MaxEntries && cache.Bytes <= MaxBytes);
    }
}
