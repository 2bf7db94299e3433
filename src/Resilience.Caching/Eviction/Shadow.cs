namespace Resilience.Caching;

/// <summary>A small cache of hashes only that shows how a setting would do on a sample of the keys. Guarded by its owner.</summary>
internal sealed class Shadow
{
    private readonly TwoQueues _queues;
    private readonly Dictionary<uint, CacheNode> _nodes;
    private readonly int _size;

    internal Shadow(AdaptiveSetting setting, int size)
    {
        _queues = new TwoQueues(setting, size);
        _nodes = new Dictionary<uint, CacheNode>(size + 1);
        _size = size;
    }

    /// <summary>Asks for a key; true if it was there.</summary>
    internal bool Ask(uint hash)
    {
        if (_nodes.TryGetValue(hash, out var node))
        {
            node.Marks = TwoQueues.Counted(node.Marks, _queues.Mark);
            return true;
        }

        _queues.Missed(hash);
        if (_nodes.Count < _size)
        {
            node = new Simulated();
        }
        else
        {
            node = _queues.Evict()!;
            _nodes.Remove(node.Hash);
        }

        node.Hash = hash;
        node.Marks = 0;
        _nodes.Add(hash, node);
        _queues.Add(node);
        return false;
    }

    private sealed class Simulated : CacheNode;
}
