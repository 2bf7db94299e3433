using System.Security.Cryptography;

namespace Resilience.Caching;

/// <summary>
/// Two queues whose setting follows what the calls show. A hit writes one 16-bit field of its entry, only when that changes: a count up to 15
/// and the generation of the hit.
/// </summary>
internal sealed class AdaptivePolicy : EvictionPolicy
{
    private const int LeastCapacity = 16;
    private readonly TwoQueues _queues;
    private Steering _steering;

    internal AdaptivePolicy(long maxEntries, uint? seed)
    {
        // Of a capacity that bytes will decide, nothing is known before the first eviction.
        var capacity = (int)maxEntries;
        Hits = new HitSample((seed * 0x9E37_79B9u) ?? (uint)RandomNumberGenerator.GetInt32(int.MaxValue));
        _queues = new TwoQueues(AdaptiveSetting.All[0], capacity);
        _steering = new Steering(capacity);
        Hits.Below = _steering.SampleBelow;
    }

    /// <summary>What hits read, and where they leave what is simulated.</summary>
    internal HitSample Hits { get; }

    internal Steering Steering => _steering;

    internal TwoQueues Queues => _queues;

    internal override void OnHit(CacheNode node) => Hits.Count(node);

    internal override int HeatOf(CacheNode node) => node.Marks & TwoQueues.MostCount;

    internal override void Missed(uint hash, long size)
    {
        Hits.DrainTo(_steering);
        if (Hits.Has(hash))
        {
            _steering.Ask(hash);
        }

        _queues.Setting = AdaptiveSetting.All[_steering.Chosen];
        _queues.Missed(hash);
        Hits.Mark = _queues.Mark;
    }

    internal override void Add(CacheNode node) => _queues.Add(node);

    internal override void Remove(CacheNode node) => _queues.Remove(node);

    internal override void Replace(CacheNode old, CacheNode node, bool isUse)
    {
        node.Marks = old.Marks;
        node.Place = old.Place;
        NodeRing.Replace(old, node);
        if (isUse)
        {
            OnHit(node);
        }
    }

    internal override CacheNode? Evict()
    {
        var count = _queues.Count;
        if (Math.Abs(count - _queues.Capacity) > _queues.Capacity / 8)
        {
            // Bytes bound it: so many entries are what it holds.
            SetCapacity(count);
        }

        return _queues.Evict();
    }

    internal override void SetCapacity(long entries)
    {
        var capacity = (int)Math.Max(LeastCapacity, entries);
        if (capacity != _queues.Capacity)
        {
            _queues.Capacity = capacity;
            _steering = _steering.TryRescale(capacity) ? _steering : new Steering(capacity);
            Hits.Below = _steering.SampleBelow;
        }
    }
}
