using System.Security.Cryptography;

namespace Resilience.Caching;

/// <summary>
/// Two queues whose setting follows what the calls show. A hit writes one 16-bit field of its entry, only when that changes: a count up to 15
/// and the generation of the hit.
/// </summary>
internal sealed class AdaptivePolicy : EvictionPolicy
{
    private const int LeastCapacity = 16;
    private readonly HitSample _sample;
    private readonly TwoQueues _queues;
    private Steering _steering;

    internal AdaptivePolicy(long maxEntries, uint? seed)
    {
        // Of a capacity that bytes will decide, nothing is known before the first eviction.
        var capacity = (int)maxEntries;
        _sample = new HitSample((seed * 0x9E37_79B9u) ?? (uint)RandomNumberGenerator.GetInt32(int.MaxValue));
        _queues = new TwoQueues(AdaptiveSetting.All[0], capacity);
        _steering = new Steering(capacity);
        _sample.Below = _steering.SampleBelow;
    }

    internal Steering Steering => _steering;

    internal TwoQueues Queues => _queues;

    internal override void OnHit(CacheNode node)
    {
        var marks = node.Marks;
        var counted = TwoQueues.Counted(marks, _sample.Mark);
        if (counted != marks)
        {
            node.Marks = counted;
        }

        if (_sample.Has(node.Hash))
        {
            _sample.Add(node.Hash);
        }
    }

    internal override int HeatOf(CacheNode node) => node.Marks & TwoQueues.MostCount;

    internal override void Missed(uint hash, long size)
    {
        _sample.DrainTo(_steering);
        if (_sample.Has(hash))
        {
            _steering.Ask(hash);
        }

        _queues.Setting = AdaptiveSetting.All[_steering.Chosen];
        _queues.Missed(hash);
        _sample.Mark = _queues.Mark;
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
            _sample.Below = _steering.SampleBelow;
        }
    }
}
