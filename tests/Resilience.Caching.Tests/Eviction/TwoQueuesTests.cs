namespace Resilience.Caching.Tests;

/// <summary>The queues under every setting, and under changes of setting, against a set of what was put in.</summary>
public sealed class TwoQueuesTests
{
    [Fact]
    public void WhenEntriesComeAndGoUnderEverySetting_NoneIsLost_AndFewAreMoved()
    {
        const int Capacity = 200;
        var random = new Random(1);
        var queues = new TwoQueues<EntryNode, EntryNodes>(AdaptiveSetting.All[0], Capacity, new EntryNodes(TwoQueues.Rings));
        var held = new List<CacheNode>();
        for (var i = 0; i < 100_000; i++)
        {
            if (random.Next(1_000) == 0)
            {
                queues.Setting = AdaptiveSetting.All[random.Next(AdaptiveSetting.All.Length)];
            }

            var hash = (uint)random.Next(600) * 0x9E37_79B1u;
            if (held.Find(node => node.Hash == hash) is { } found)
            {
                found.Marks = TwoQueues.Counted(found.Marks, queues.Mark);
                if (random.Next(20) == 0)
                {
                    queues.Remove(new EntryNode(found));
                    held.Remove(found);
                }

                continue;
            }

            queues.Missed(hash);
            if (held.Count == Capacity)
            {
                Assert.True(queues.TryEvict(out var victim));
                Assert.True(held.Remove(victim.Entry), "what is given up was held");
                Assert.InRange(queues.Moves, 0, EvictionPolicy.MostMoves);
            }

            var node = new CacheEntry<uint, int>(hash, i, hash);
            queues.Add(new EntryNode(node));
            held.Add(node);
            Assert.Equal(held.Count, queues.Count);
        }

        while (queues.TryEvict(out var left))
        {
            Assert.True(held.Remove(left.Entry));
        }

        Assert.Empty(held);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(2, false)]
    public void WhenAKeyThatWasGivenUpComesBack_ItIsKeptApartAtOnce_OnlyWhereGhostsAreAdmitted(int setting, bool isApart)
    {
        // The setting is looked at when the key is missed, not when it was given up.
        var queues = new TwoQueues<EntryNode, EntryNodes>(AdaptiveSetting.All[3], 20, new EntryNodes(TwoQueues.Rings));
        for (var i = 0u; i < 20; i++)
        {
            Come(i);
        }

        queues.Missed(Hash(20));
        Assert.True(queues.TryEvict(out var gone));
        Come(20);
        queues.Setting = AdaptiveSetting.All[setting];
        var apart = queues.MainCount;
        Come(gone.Entry.Hash, isHash: true);
        Assert.Equal(isApart ? apart + 1 : apart, queues.MainCount);

        void Come(uint key, bool isHash = false)
        {
            var hash = isHash ? key : Hash(key);
            queues.Missed(hash);
            queues.Add(new EntryNode(new CacheEntry<uint, int>(hash, 0, hash)));
        }
    }

    [Fact]
    public void WhenAGhostWasRefused_ItsPlaceIsNotTakenByAnother()
    {
        var queues = new TwoQueues<EntryNode, EntryNodes>(AdaptiveSetting.All[3], 20, new EntryNodes(TwoQueues.Rings));
        for (var i = 0u; i < 20; i++)
        {
            Come(i);
        }

        queues.Missed(Hash(20));
        Assert.True(queues.TryEvict(out var gone));
        queues.Missed(gone.Entry.Hash);
        queues.Setting = AdaptiveSetting.All[2];
        var apart = queues.MainCount;
        Come(30);
        Assert.Equal(apart, queues.MainCount);

        void Come(uint key)
        {
            queues.Missed(Hash(key));
            queues.Add(new EntryNode(new CacheEntry<uint, int>(key, 0, Hash(key))));
        }
    }

    [Fact]
    public void WhenMoreThan64GenerationsPass_TheOldestAreJoined_InOrder()
    {
        var window = new GenerationWindow<EntryNode, EntryNodes>(new EntryNodes(TwoQueues.Rings));
        for (var i = 0; i < 100; i++)
        {
            window.Add(new EntryNode(new CacheEntry<int, int>(i, i, (uint)i) { Marks = window.Mark }));
            window.Advance();
        }

        var left = new List<uint>();
        while (window.TryOldest(out var node, out _))
        {
            left.Add(node.Entry.Hash);
            window.Remove(node);
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => (uint)i), left);
    }

    [Fact]
    public void WhenGhostsAreFull_TheOldestAreForgotten_AndATakenOneIsGone()
    {
        var ghosts = new GhostQueue(100);
        for (var i = 1u; i <= 1_000; i++)
        {
            ghosts.Add(Hash(i));
        }

        Assert.False(ghosts.Take(Hash(850)));
        var kept = Enumerable.Range(901, 100).Count(i => ghosts.Take(Hash((uint)i)));
        Assert.InRange(kept, 85, 100);
        Assert.False(ghosts.Take(Hash(1_000)));
        Assert.False(ghosts.Take(0));
    }

    [Fact]
    public void WhenKeysAreCounted_TheSketchIsNeverBelowTheTruth_UntilItHalves()
    {
        var random = new Random(2);
        var sketch = new FrequencySketch(1_000);
        var truth = new Dictionary<uint, int>();
        for (var i = 0; i < 5_000; i++)
        {
            var hash = (uint)(random.Next(40) * random.Next(40)) * 0x85EB_CA6Bu;
            sketch.Add(hash);
            truth[hash] = truth.GetValueOrDefault(hash) + 1;
        }

        Assert.All(truth, pair => Assert.InRange(sketch.Frequency(pair.Key), Math.Min(pair.Value, FrequencySketch.Most), FrequencySketch.Most));
        for (var i = 0; i < 60_000; i++)
        {
            sketch.Add(1);
        }

        Assert.All(truth.Where(pair => pair.Value < 4), pair => Assert.InRange(sketch.Frequency(pair.Key), 0, 4));
    }

    [Fact]
    public void WhenSizesDiffer_DensityKeepsTheSmallAndTheDear()
    {
        using var cache = new ResilientCache<int, int>(new()
        {
            MaxBytes = 1_000,
            SizeOf = static (key, _) => key < 100 ? 5 : 100,
            Eviction = CacheEviction.Density,
        });
        for (var i = 0; i < 2_000; i++)
        {
            var key = i % 2 == 0 ? i % 100 : 100 + i;
            if (!cache.TryGet(key, out _))
            {
                cache.Set(key, i);
            }
        }

        Assert.InRange(cache.Count(pair => pair.Key < 100), 45, 50);
        Assert.InRange(cache.Bytes, 900, 1_000);
    }

    private static uint Hash(uint key) => unchecked(key * 0x9E37_79B1u);
}
