namespace Resilience.Caching;

/// <summary>The exact order of last use, kept by a hit that takes the gate unless its entry is the most recent already.</summary>
internal sealed class LeastRecentlyUsed(Lock gate) : EvictionPolicy
{
    private NodeList _order;

    internal override void OnHit(CacheNode node)
    {
        if (node.Marks < 15)
        {
            node.Marks++;
        }

        if (!ReferenceEquals(_order.Front, node))
        {
            Promote(node);
        }
    }

    internal override void Add(CacheNode node) => _order.AddFront(node);

    internal override void Remove(CacheNode node) => _order.Remove(node);

    internal override void Replace(CacheNode old, CacheNode node, bool isUse)
    {
        node.Marks = old.Marks;
        _order.Replace(old, node);
        if (isUse)
        {
            _order.Remove(node);
            _order.AddFront(node);
        }
    }

    internal override CacheNode? Evict()
    {
        var victim = _order.Back;
        if (victim is not null)
        {
            _order.Remove(victim);
        }

        return victim;
    }

    private void Promote(CacheNode node)
    {
        lock (gate)
        {
            if (node.IsLinked)
            {
                _order.Remove(node);
                _order.AddFront(node);
            }
        }
    }
}
