using Resilience.Testing;

namespace Resilience.Caching.Tests;

public sealed class ResilientCacheTests
{
    [Fact]
    public void WhenAMillionthOfTheTimeIsMissing_AnEntryIsFresh_AndThenItIsNot()
    {
        var clock = new ManualClock();
        using var cache = new ResilientCache<string, int>(new() { TimeProvider = clock, Entry = new() { TimeToLive = TimeSpan.FromSeconds(1) } });
        cache.Set("a", 1);
        clock.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        Assert.True(cache.TryGet("a", out _));
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.False(cache.Contains("a"));
        Assert.Empty(cache);
        Assert.Equal(1, cache.Count);
        Assert.False(cache.TryGet("a", out _));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void WhenItSlides_HitsKeepItFresh_ToItsAbsoluteEnd()
    {
        var clock = new ManualClock();
        using var cache = new ResilientCache<int, int>(new() { TimeProvider = clock });
        cache.Set(1, 1, new() { Sliding = TimeSpan.FromSeconds(10), TimeToLive = TimeSpan.FromSeconds(25) });
        for (var second = 8; second < 25; second += 8)
        {
            clock.Advance(TimeSpan.FromSeconds(8));
            Assert.True(cache.TryGet(1, out _));
        }

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(cache.TryGet(1, out _));
    }

    [Fact]
    public void WhenTheWallClockJumps_NothingExpires()
    {
        var clock = new ManualClock();
        using var cache = new ResilientCache<int, int>(new() { TimeProvider = clock, Entry = new() { TimeToLive = TimeSpan.FromSeconds(1) } });
        cache.Set(1, 1);
        clock.ShiftWallClock(TimeSpan.FromDays(400));
        Assert.True(cache.TryGet(1, out _));
    }

    [Fact]
    public void WhenKindsDiffer_SoDoTheirTimes()
    {
        var clock = new ManualClock();
        using var cache = new ResilientCache<int, string?>(new()
        {
            TimeProvider = clock,
            Entry = new() { TimeToLive = TimeSpan.FromSeconds(10) },
            Kinds = new Dictionary<string, CacheEntryOptions> { ["none"] = new() { TimeToLive = TimeSpan.FromSeconds(1) }, ["fixed"] = new() },
            KindOf = static (key, value) => value is null ? "none" : key < 0 ? "fixed" : null,
        });
        cache.Set(1, "found");
        cache.Set(2, null);
        cache.Set(-3, "block");
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(cache.Contains(2));
        Assert.True(cache.Contains(1));
        clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(-3, Assert.Single(cache).Key);
    }

    [Fact]
    public void WhenTimesAreJittered_TheyAreShorter_ByNoMoreThanTheShare()
    {
        var options = new CacheEntryOptions { TimeToLive = TimeSpan.FromSeconds(100), Jitter = 0.2 };
        var ends = new List<long>();
        for (var i = 0; i < 1_000; i++)
        {
            var entry = new CacheEntry<int, int>(1, 1, 1);
            options.ApplyTo(entry, 0);
            ends.Add(entry.FreshUntil);
        }

        Assert.InRange(ends.Min(), TimeSpan.FromSeconds(80).Ticks, TimeSpan.FromSeconds(82).Ticks);
        Assert.InRange(ends.Max(), TimeSpan.FromSeconds(98).Ticks, TimeSpan.FromSeconds(100).Ticks);
    }

    [Fact]
    public void WhenAValueIsLargerThanTheCache_ItIsRefused_AndTheOlderOneIsGone()
    {
        using var cache = Sized(100);
        Assert.True(cache.Set("a", "x"));
        Assert.True(cache.Set("b", new string('y', 50)));
        Assert.False(cache.Set("a", new string('z', 101)));
        Assert.False(cache.Contains("a"));
        Assert.True(cache.Contains("b"));
        Assert.Equal(50, cache.Bytes);
    }

    [Fact]
    public void WhenLeasesHoldTheBytes_ASetIsRefused_UntilTheyAreReturned()
    {
        using var cache = Sized(100);
        cache.Set("a", new string('x', 60));
        Assert.True(cache.TryRent("a", out var lease));
        Assert.False(cache.Set("b", new string('y', 60)));
        Assert.False(cache.Contains("a"));
        Assert.Equal((0, 60L), (cache.Count, cache.Bytes));
        lease.Dispose();
        Assert.Equal(0, cache.Bytes);
        Assert.True(cache.Set("b", new string('y', 60)));
    }

    [Fact]
    public void WhenAValueIsDisposable_ItIsDisposedOnce_AfterItsLastLease()
    {
        using var cache = new ResilientCache<int, Probe>(new() { MaxEntries = 1, DisposeValues = true });
        var (first, second) = (new Probe(), new Probe());
        cache.Set(1, first);
        Assert.True(cache.TryRent(1, out var one));
        Assert.True(cache.TryRent(1, out var two));
        cache.Set(1, second);
        one.Dispose();
        Assert.Equal(0, first.Disposals);
        two.Dispose();
        Assert.Equal((1, 0), (first.Disposals, second.Disposals));
        cache.Dispose();
        Assert.Equal((1, 1), (first.Disposals, second.Disposals));
        Assert.Throws<ObjectDisposedException>(() => cache.Set(1, first));
    }

    [Fact]
    public void WhenALeaseIsDisposedAgain_NothingHappens_EvenIfItsPlaceIsUsedAnew()
    {
        using var cache = new ResilientCache<int, Probe>(new() { DisposeValues = true, MaxBytes = 10, SizeOf = static (_, _) => 10 });
        var first = new Probe();
        cache.Set(1, first);
        Assert.True(cache.TryRent(1, out var lease));
        var copy = lease;
        lease.Dispose();
        lease.Dispose();
        Assert.True(cache.TryRent(1, out var next));
        copy.Dispose();
        Assert.True(cache.Remove(1));
        Assert.Equal((0, 10L), (first.Disposals, cache.Bytes));
        next.Dispose();
        next.Dispose();
        Assert.Equal((1, 0L), (first.Disposals, cache.Bytes));
    }

    [Fact]
    public void WhenAHandlerThrows_TheCacheGoesOn()
    {
        using var cache = new ResilientCache<int, int>(new() { MaxEntries = 1, OnRemoved = static (_, _, _) => throw new IOException() });
        Assert.True(cache.Set(1, 1));
        Assert.True(cache.Set(2, 2));
        Assert.True(cache.TryGet(2, out _));
    }

    [Fact]
    public void WhenAHandlerCallsBack_ItMay()
    {
        ResilientCache<int, int> cache = null!;
        cache = new ResilientCache<int, int>(new() { MaxEntries = 2, OnRemoved = (key, value, _) => cache.Set(key + 100, value) });
        cache.Set(1, 1);
        cache.Set(2, 2);
        Assert.True(cache.Remove(1));
        Assert.True(cache.Contains(101));
    }

    [Fact]
    public void WhenAComparerOrASizerThrows_NothingHasChanged()
    {
        using var cache = new ResilientCache<string, string>(new()
        {
            MaxBytes = 10,
            SizeOf = static (_, value) => value == "bad" ? throw new IOException() : value == "negative" ? -1 : 1,
        });
        cache.Set("a", "x");
        Assert.Throws<IOException>(() => cache.Set("a", "bad"));
        Assert.Throws<ArgumentException>(() => cache.Set("a", "negative"));
        Assert.Throws<ArgumentNullException>(() => cache.TryGet(null!, out _));
        Assert.True(cache.TryGet("a", out var value));
        Assert.Equal("x", value);
    }

    [Fact]
    public void WhenAllKeysCollide_TheCacheStillWorks()
    {
        using var cache = new ResilientCache<string, int>(new() { MaxEntries = 50, Comparer = new Colliding() });
        for (var i = 0; i < 200; i++)
        {
            Assert.True(cache.Set($"{i}", i));
        }

        Assert.Equal(50, cache.Count);
        Assert.All(cache, pair => Assert.Equal(pair.Key, $"{pair.Value}"));
    }

    [Fact]
    public void WhenAKeyIsSeenAsASpan_ItIsTheSameKey()
    {
        using var cache = new ResilientCache<string, int>();
        var spans = cache.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var length in Enumerable.Range(0, 70))
        {
            var key = new string('k', length);
            Assert.True(spans.Set(key, length));
            Assert.True(cache.TryGet(key, out var value));
            Assert.Equal(length, value);
            Assert.True(spans.TryGet($"{key}.".AsSpan(0, length), out value));
            Assert.Equal(length, value);
        }

        Assert.True(spans.Remove("kk"));
        Assert.False(cache.Contains("kk"));
        Assert.Throws<InvalidOperationException>(() => cache.GetAlternateLookup<int>());
    }

    [Fact]
    public void WhenManyExpireTogether_EachWriteLooksAtFew_AndAllAreGoneInTheEnd()
    {
        const int Entries = 100_000;
        var clock = new ManualClock();
        var core = new CacheCore<int, int, Production>(
            new CoreSettings<int> { MaxEntries = 2 * Entries, InitialCapacity = 2 * Entries, Clock = Clock.For(clock) }, null);
        var life = new CacheEntryOptions { TimeToLive = TimeSpan.FromSeconds(1) };
        for (var i = 0; i < Entries; i++)
        {
            Set(i, life);
        }

        clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < Entries / 4; i++)
        {
            Set(-1 - i, new CacheEntryOptions());
            Assert.InRange(core.Examined, 0, CacheCore<int, int, Production>.MostExamined);
        }

        Assert.DoesNotContain(core.Enumerate(), entry => entry.Key >= 0);

        void Set(int key, CacheEntryOptions options)
        {
            var entry = new CacheEntry<int, int>(key, key, core.Hash(key));
            options.ApplyTo(entry, core.Clock.Coarse);
            Assert.True(core.Set(entry));
        }
    }

    private static ResilientCache<string, string> Sized(long bytes) => new(new() { MaxBytes = bytes, SizeOf = static (_, value) => value.Length });

    private sealed class Probe : IDisposable
    {
        public int Disposals { get; private set; }

        public void Dispose() => Disposals++;
    }

    private sealed class Colliding : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => x == y;

        public int GetHashCode(string obj) => 1;
    }
}
