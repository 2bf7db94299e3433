using Resilience.Tests.Latency;

namespace Resilience.Caching.Tests.Drift;

/// <summary>
/// A million operations, a hundred million with RESILIENCE_SOAK=1: after them entries and bytes are exactly those in the table, and nothing when it
/// is cleared.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class ObjectDriftTests
{
    private const int Threads = 4;
    private const int Operations = 1_000_000;
    private const int FewOperations = 40_000;
    private const int MaxEntries = 500;
    private const int MaxBytes = 16_000;

    [Theory]
    [InlineData(CacheEviction.Adaptive)]
    [InlineData(CacheEviction.LeastRecentlyUsed)]
    public async Task WhenManyOperationsOverlap_NothingDrifts(CacheEviction eviction)
    {
        using var cache = await Run(eviction, (long)Operations * Soak.Factor, DriftBug.None);
        Assert.Null(Recount.Drift(cache.Core));
        Assert.InRange(cache.Count, 1, MaxEntries);
        cache.Clear();
        Assert.Equal((0, 0L), cache.Core.Bounds.Held);
    }

    [Theory]
    [InlineData(DriftBug.ForgetsALease)]
    [InlineData(DriftBug.ReleasesTwice)]
    [InlineData(DriftBug.ReservesForNothing)]
    public async Task WhenOneOperationIsWrong_TheRecountCatchesIt(DriftBug bug)
    {
        using var cache = await Run(CacheEviction.Adaptive, FewOperations, bug);
        Assert.NotNull(Recount.Drift(cache.Core));
    }

    private static async Task<ResilientCache<int, byte[]>> Run(CacheEviction eviction, long operations, DriftBug bug)
    {
        var cache = new ResilientCache<int, byte[]>(new()
        {
            MaxEntries = MaxEntries,
            MaxBytes = MaxBytes,
            InitialCapacity = 0,
            SizeOf = static (_, value) => value.Length,
            Eviction = eviction,
            Seed = 1,
            Entry = new CacheEntryOptions { TimeToLive = TimeSpan.FromMilliseconds(20), StaleFor = TimeSpan.FromMilliseconds(5) },
        });
        byte[][] values = [.. Enumerable.Range(0, 200).Select(static length => new byte[length])];
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(async () =>
        {
            var random = new Random(thread);
            var leases = new Queue<CacheLease<byte[]>>();
            for (var i = 0L; i < operations / Threads; i++)
            {
                await Step(cache, random, values, leases);
            }

            foreach (var lease in leases)
            {
                lease.Dispose();
            }
        })));
        Err(cache, bug);
        return cache;
    }

    private static async ValueTask Step(ResilientCache<int, byte[]> cache, Random random, byte[][] values, Queue<CacheLease<byte[]>> leases)
    {
        var key = Math.Min(random.Next(2_000), random.Next(2_000));
        switch (random.Next(32))
        {
            case < 12:
                cache.Set(key, values[random.Next(values.Length)]);
                break;
            case < 16:
                cache.Remove(key);
                break;
            case < 18 when cache.TryRent(key, out var lease):
                leases.Enqueue(lease);
                if (leases.Count > 4)
                {
                    leases.Dequeue().Dispose();
                }

                break;
            case < 20:
                await cache.GetOrCreateAsync(key, values[random.Next(values.Length)], static (value, _) => new ValueTask<byte[]>(value));
                break;
            case 20 when random.Next(1_000) == 0:
                cache.Resize(MaxEntries / 2, MaxBytes / 2);
                cache.Resize(MaxEntries, MaxBytes);
                break;
            default:
                cache.TryGet(key, out _);
                break;
        }

        Assert.True(cache.Count <= MaxEntries && cache.Bytes <= MaxBytes);
    }

    private static void Err(ResilientCache<int, byte[]> cache, DriftBug bug)
    {
        var core = cache.Core;
        var entry = new CacheEntry<int, byte[]>(-1, [1], core.Hash(-1)) { Size = 1 };
        switch (bug)
        {
            case DriftBug.ForgetsALease:
                Assert.True(core.Set(entry) && entry.TryPin<Production>() && core.Remove(entry, RemovalReason.Removed));
                break;
            case DriftBug.ReleasesTwice:
                Assert.True(core.Set(entry) && core.Remove(entry, RemovalReason.Removed));
                core.Bounds.Release(0, entry.Size);
                break;
            case DriftBug.ReservesForNothing:
                cache.Clear();
                Assert.True(core.Bounds.TryReserve(1, 0));
                break;
        }
    }
}
