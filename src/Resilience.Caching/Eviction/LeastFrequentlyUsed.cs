using System.Numerics;

namespace Resilience.Caching;

/// <summary>
/// Queues by frequency, exact to 8 and in steps of an eighth above. A hit only counts; an entry is moved to its queue when it comes up for
/// eviction.
/// </summary>
internal sealed class LeastFrequentlyUsed : EvictionPolicy
{
    // 8 exact frequencies and 8 steps for each doubling up to the most that 16 bits count.
    private const int Exact = 8;
    private const int Queues = Exact + (13 * Exact);
    private readonly NodeList[] _queues = new NodeList[Queues];
    private UInt128 _filled;

    internal override void OnHit(CacheNode node)
    {
        if (node.Marks < ushort.MaxValue)
        {
            node.Marks++;
        }
    }

    internal override void Add(CacheNode node)
    {
        var queue = QueueOf(node.Marks);
        node.Bucket = (byte)queue;
        _queues[queue].AddFront(node);
        _filled |= UInt128.One << queue;
    }

    internal override void Remove(CacheNode node)
    {
        ref var queue = ref _queues[node.Bucket];
        queue.Remove(node);
        if (queue.Count == 0)
        {
            _filled &= ~(UInt128.One << node.Bucket);
        }
    }

    internal override void Replace(CacheNode old, CacheNode node, bool isUse)
    {
        node.Marks = old.Marks;
        node.Bucket = old.Bucket;
        _queues[old.Bucket].Replace(old, node);
        if (isUse)
        {
            OnHit(node);
        }
    }

    internal override CacheNode? Evict()
    {
        for (var moves = 0; _filled != 0; moves++)
        {
            var node = _queues[(int)UInt128.TrailingZeroCount(_filled)].Back!;
            Remove(node);
            if (QueueOf(node.Marks) <= node.Bucket || moves == MostMoves)
            {
                return node;
            }

            Add(node);
        }

        return null;
    }

    private static int QueueOf(ushort frequency)
    {
        if (frequency < Exact)
        {
            return frequency;
        }

        var doublings = BitOperations.Log2(frequency) - 3;
        return Exact + (doublings * Exact) + ((frequency >> doublings) & (Exact - 1));
    }
}
