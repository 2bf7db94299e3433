using System.Numerics;

namespace Resilience.Caching;

/// <summary>A small cache of hashes only that shows how a setting would do on a sample of the keys. Guarded by its owner.</summary>
internal sealed class Shadow
{
    private readonly SimulatedNodes _nodes;
    private readonly TwoQueues<ushort, SimulatedNodes> _queues;

    // Chains by hash.
    private readonly ushort[] _first;
    private readonly int _size;
    private int _count;

    internal Shadow(AdaptiveSetting setting, int size)
    {
        _nodes = new SimulatedNodes(TwoQueues.Rings, size);
        _queues = new TwoQueues<ushort, SimulatedNodes>(setting, size, _nodes, keepsSetting: true);
        _first = new ushort[BitOperations.RoundUpToPowerOf2((uint)size * 2)];
        _size = size;
    }

    /// <summary>Asks for a key; true if it was there.</summary>
    internal bool Ask(uint hash)
    {
        for (var node = First(hash); node != 0; node = _nodes.Next(node))
        {
            if (_nodes.Hash(node) == hash)
            {
                ref var marks = ref _nodes.Marks(node);
                marks = TwoQueues.Counted(marks, _queues.Mark);
                return true;
            }
        }

        _queues.Missed(hash);
        Take(hash, Free());
        return false;
    }

    private ref ushort First(uint hash) => ref _first[TwoQueues.Mixed(hash) >> (32 - BitOperations.Log2((uint)_first.Length))];

    private ushort Free()
    {
        if (_count < _size)
        {
            return (ushort)(TwoQueues.Rings + _count++);
        }

        _queues.TryEvict(out var node);
        ref var link = ref First(_nodes.Hash(node));
        while (link != node)
        {
            link = ref _nodes.Next(link);
        }

        link = _nodes.Next(node);
        return node;
    }

    private void Take(uint hash, ushort node)
    {
        _nodes.Rename(node, hash);
        ref var first = ref First(hash);
        _nodes.Next(node) = first;
        first = node;
        _queues.Add(node);
    }
}
