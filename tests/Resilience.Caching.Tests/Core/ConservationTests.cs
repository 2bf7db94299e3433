using System.Collections.Concurrent;

namespace Resilience.Caching.Tests;

/// <summary>Four threads on one cache: no bound is ever passed, and every entry that was stored is held or has been released, once.</summary>
public sealed class ConservationTests
{
    [Theory]
    [InlineData(CacheEviction.LeastRecentlyUsed)]
    [InlineData(CacheEviction.LeastFrequentlyUsed)]
    [InlineData(CacheEviction.Adaptive)]
    [InlineData(CacheEviction.Density)]
    public async Task WhenFourThreadsWork_EntriesAndBytesAreExact(CacheEviction eviction)
    {
        const int Threads = 4;
        const int Operations = 100_000;
        var releases = new ConcurrentDictionary<object, int>();
        using var cache = new ResilientCache<int, Sized>(new ResilientCacheOptions<int, Sized>
        {
            MaxEntries = 100,
            MaxBytes = 2_000,
            InitialCapacity = 0,
            SizeOf = static (_, value) => value.Size,
            Eviction = eviction,
            Seed = 1,
            Entry = new CacheEntryOptions { TimeToLive = TimeSpan.FromMilliseconds(5) },
            OnRemoved = (_, value, _) => releases.AddOrUpdate(value, 1, static (_, n) => n + 1),
        });
        var stored = 0L;
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            var random = new Random(thread);
            for (var i = 0; i < Operations; i++)
            {
                var key = random.Next(300);
                switch (random.Next(8))
                {
                    case 0:
                        cache.Remove(key);
                        break;
                    case 1 when cache.TryRent(key, out var lease):
                        Assert.True(lease.Value.Key == key);
                        lease.Dispose();
                        break;
                    case 2 or 3 or 4:
                        var set = cache.Set(key, new Sized(key, random.Next(60)));
                        Interlocked.Add(ref stored, set ? 1 : 0);
                        break;
                    default:
                        Assert.True(!cache.TryGet(key, out var value) || value.Key == key);
                        break;
                }

                Assert.True(cache.Count <= 100 && cache.Bytes <= 2_000);
            }
        })));
        var held = cache.Count;
        Assert.Equal(stored, held + releases.Count);
        Assert.All(releases.Values, times => Assert.Equal(1, times));
        cache.Clear();
        Assert.Equal((0, 0L), (cache.Count, cache.Bytes));
        Assert.Equal(stored, releases.Count);
    }

    [Fact]
    public async Task WhenTheTableGrowsUnderReaders_NoEntryIsMissed()
    {
        const int Entries = 60_000;
        using var cache = new ResilientCache<int, int>(new ResilientCacheOptions<int, int> { MaxEntries = Entries, InitialCapacity = 0 });
        cache.Set(-1, -1);
        var last = -1;
        var missed = 0L;
        var readers = Enumerable.Range(0, 3).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            for (var seen = Volatile.Read(ref last); seen < Entries - 2; seen = Volatile.Read(ref last))
            {
                var key = random.Next(-1, seen + 1);
                if (!cache.TryGet(key, out var value) || value != key)
                {
                    Interlocked.Increment(ref missed);
                }
            }
        })).ToArray();
        for (var i = 0; i < Entries - 1; i++)
        {
            cache.Set(i, i);
            Volatile.Write(ref last, i);
        }

        await Task.WhenAll(readers);
        Assert.Equal(0, missed);
        Assert.Equal(Enumerable.Range(-1, Entries), cache.Select(pair => pair.Key).Order());
    }

    private sealed record Sized(int Key, int Size)
    {
        public bool Equals(Sized? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
    }
}
