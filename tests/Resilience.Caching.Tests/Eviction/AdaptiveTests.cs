namespace Resilience.Caching.Tests;

/// <summary>What the adaptive policy owes: it finds what recency cannot, and costs little where recency is right.</summary>
public sealed class AdaptiveTests
{
    [Fact]
    public void WhenKeysLoopThroughTwiceTheCapacity_HalfAreFound_WhereRecencyFindsNone()
    {
        var loop = Requests.Loop(1_000, 100).ToArray();
        Assert.Equal(0, Requests.Play(loop, 500, CacheEviction.LeastRecentlyUsed));
        Assert.InRange(Requests.Play(loop, 500, CacheEviction.Adaptive), 45, 51);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(512)]
    [InlineData(2048)]
    public void WhenTheWorkingSetSlides_NoMoreThanAPointIsLostAgainstRecency(int capacity)
    {
        var sliding = Requests.Sliding(capacity * 9 / 10, 200_000).ToArray();
        var recency = Requests.Play(sliding, capacity, CacheEviction.LeastRecentlyUsed);
        Assert.InRange(Requests.Play(sliding, capacity, CacheEviction.Adaptive) - recency, -1, 100);
    }

    [Fact]
    public void WhenHalfOfAllIsAskedForOnce_TheHotHalfIsKept()
    {
        var scanned = Requests.Scanned(400, 100_000).ToArray();
        Assert.InRange(Requests.Play(scanned, 500, CacheEviction.Adaptive), 48, 50);
        Assert.InRange(Requests.Play(scanned, 500, CacheEviction.LeastFrequentlyUsed), 45, 50);
        Assert.InRange(Requests.Play(scanned, 500, CacheEviction.LeastRecentlyUsed), 0, 40);
    }

    [Fact]
    public void WhenASeedIsGiven_ARunRepeats()
    {
        var requests = Requests.Scanned(400, 20_000).ToArray();
        Assert.Equal(Requests.Play(requests, 300, CacheEviction.Adaptive, 7), Requests.Play(requests, 300, CacheEviction.Adaptive, 7));
    }

    [Fact]
    public void WhenAnEntryIsHitAgainInItsGeneration_NothingIsWritten()
    {
        var marks = TwoQueues.Counted(0x1200, 0x1300);
        Assert.Equal(0x1301, marks);
        for (var i = 0; i < 20; i++)
        {
            marks = TwoQueues.Counted(marks, 0x1300);
        }

        Assert.Equal(0x130F, marks);
        Assert.Equal(marks, TwoQueues.Counted(marks, 0x1300));
    }

    [Theory]
    [InlineData(CacheEviction.Adaptive)]
    [InlineData(CacheEviction.LeastFrequentlyUsed)]
    public void WhenTheBoundsShrinkAndGrow_TheCacheFollows(CacheEviction eviction)
    {
        using var cache = new ResilientCache<int, int>(new() { MaxEntries = 1_000, Eviction = eviction, Seed = 1 });
        for (var i = 0; i < 3_000; i++)
        {
            cache.Set(i, i);
            cache.TryGet(i % 700, out _);
        }

        cache.Resize(10);
        Assert.Equal(10, cache.Count);
        cache.Resize(100);
        for (var i = 0; i < 300; i++)
        {
            Assert.True(cache.Set(-i, i));
        }

        Assert.Equal(100, cache.Count);
    }
}
