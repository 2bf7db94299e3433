using System.Security.Cryptography;

namespace Resilience.Caching;

/// <summary>
/// Two queues whose setting follows what the calls show. A hit writes one 16-bit field of its entry, only when that changes: a count up to 15
/// and the generation of the hit.
/// </summary>
internal sealed class AdaptivePolicy : EvictionPolicy
{
    private const int LeastCapacity = 16;
    private readonly TwoQueues<EntryNode, EntryNodes> _queues;
    private Steering _steering;
    private int _chosen;

    internal AdaptivePolicy(long maxEntries, uint? seed)
    {
        // Of a capacity that bytes will decide, nothing is known before the first eviction.
        var capacity = (int)maxEntries;
        Hits = new HitSample((seed * 0x9E37_79B9u) ?? (uint)RandomNumberGenerator.GetInt32(int.MaxValue));
        _queues = new TwoQueues<EntryNode, EntryNodes>(AdaptiveSetting.All[0], capacity, new EntryNodes(TwoQueues.Rings));
        _steering = new Steering(capacity);
        Hits.Below = _steering.SampleBelow;
    }

    /// <summary>What hits read, and where they leave what is simulated.</summary>
    internal HitSample Hits { get; }

    internal Steering Steering => _steering;

    internal TwoQueues<EntryNode, EntryNodes> Queues => _queues;

    internal override void OnHit(CacheNode node) => Hits.Count(node);

    internal override int HeatOf(CacheNode node) => node.Marks & TwoQueues.MostCount;

    internal override CacheNode? Expect(uint hash) => _queues.Expect(hash).Entry;

    internal override void Missed(uint hash, long size)
    {
        if (Hits.Has(hash))
        {
            Hits.Add(hash);
        }

        Hits.DrainTo(_steering);

        if (_chosen != _steering.Chosen)
        {
            _chosen = _steering.Chosen;
            _queues.Setting = AdaptiveSetting.All[_chosen];
        }

        _queues.Missed(hash);
        Hits.Mark = _queues.Mark;
    }

    internal override void Add(CacheNode node) => _queues.Add(new EntryNode(node));

    internal override void Remove(CacheNode node) => _queues.Remove(new EntryNode(node));

    internal override void Replace(CacheNode old, CacheNode node, bool isUse)
    {
        node.Marks = old.Marks;
        _queues.Replace(new EntryNode(old), new EntryNode(node));
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

        return _queues.TryEvict(out var victim) ? victim.Entry : null;
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
