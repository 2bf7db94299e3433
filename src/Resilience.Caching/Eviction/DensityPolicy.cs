using System.Numerics;

namespace Resilience.Caching;

/// <summary>
/// Keeps what is worth most for its bytes: uses times cost of creation divided by size, aged by the rank of what was given up last. Queues by
/// worth in steps of a quarter of a doubling; a hit only counts, and an entry is moved when it comes up for eviction. O(queues) an eviction.
/// </summary>
/// <remarks>Source of the ranking: Cherkasova, "Improving WWW proxies performance with greedy-dual-size-frequency caching policy", 1998.</remarks>
internal sealed class DensityPolicy : EvictionPolicy
{
    private const int Queues = 256;
    private const int StepsInDoubling = 4;
    private const int Middle = 160;
    private const int MostCount = 15;
    private const int GenerationsInCapacity = 60;
    private readonly Rings<EntryNode, EntryNodes> _queues = new(new EntryNodes(Queues));
    private readonly ulong[] _filled = new ulong[Queues / 64];

    // The rank of the last victim at the start of each generation: what a hit in that generation adds to an entry's worth.
    private readonly double[] _ages = new double[256];
    private int _generation;
    private int _misses;
    private int _count;
    private double _age;

    // Read by hits, written under the gate once in a generation.
    private ushort _mark;

    internal override void OnHit(CacheNode node)
    {
        var marks = node.Marks;
        var counted = (ushort)(_mark | Math.Min(MostCount, (marks & MostCount) + 1));
        if (counted != marks)
        {
            node.Marks = counted;
        }
    }

    internal override int HeatOf(CacheNode node) => node.Marks & MostCount;

    internal override void Missed(uint hash, long size)
    {
        if (++_misses * GenerationsInCapacity >= _count)
        {
            _misses = 0;
            _generation = (_generation + 1) & 0xFF;
            _ages[_generation] = _age;
            _mark = (ushort)(_generation << 8);
        }
    }

    internal override void Add(CacheNode node)
    {
        node.Marks = (ushort)(_mark | (node.Marks & MostCount));
        Enqueue(node);
    }

    internal override void Remove(CacheNode node)
    {
        _queues.Remove(new EntryNode(node));
        _count--;
        if (_queues.IsEmpty(node.Place))
        {
            _filled[node.Place / 64] &= ~(1UL << (node.Place % 64));
        }
    }

    internal override void Replace(CacheNode old, CacheNode node, bool isUse)
    {
        node.Marks = old.Marks;
        Remove(old);
        Enqueue(node);
        if (isUse)
        {
            OnHit(node);
        }
    }

    internal override CacheNode? Evict()
    {
        for (var moves = 0; Lowest() is { } node; moves++)
        {
            Remove(node);
            if (moves == MostMoves || RankOf(node) <= node.Terms!.Rank)
            {
                _age = Math.Max(_age, node.Terms!.Rank);
                return node;
            }

            Enqueue(node);
        }

        return null;
    }

    private static double WorthOf(CacheNode node) => ((node.Marks & MostCount) + 1) * (double)(node.Terms?.Cost ?? 1) / Math.Max(1, node.Size);

    private double RankOf(CacheNode node) => _ages[node.Marks >> 8] + WorthOf(node);

    private void Enqueue(CacheNode node)
    {
        (node.Terms ??= new CacheTerms()).Rank = RankOf(node);
        node.Place = (byte)Math.Clamp(Middle + (int)Math.Round(StepsInDoubling * Math.Log2(WorthOf(node))), 0, Queues - 1);
        _queues.Add(node.Place, new EntryNode(node));
        _filled[node.Place / 64] |= 1UL << (node.Place % 64);
        _count++;
    }

    // Of the entries that have been longest in their queues, the one of the lowest rank.
    private CacheNode? Lowest()
    {
        CacheNode? lowest = null;
        for (var word = 0; word < _filled.Length; word++)
        {
            for (var left = _filled[word]; left != 0; left &= left - 1)
            {
                _queues.TryOldest((word * 64) + BitOperations.TrailingZeroCount(left), out var node);
                var oldest = node.Entry;
                lowest = lowest is null || oldest.Terms!.Rank < lowest.Terms!.Rank ? oldest : lowest;
            }
        }

        return lowest;
    }
}
