namespace Resilience.Caching.Tests;

/// <summary>The strict policy with one thing wrong.</summary>
internal sealed class SeededLru(SeededBug bug, Lock gate) : EvictionPolicy
{
    private readonly LeastRecentlyUsed _right = new(gate);
    private readonly List<CacheNode> _order = [];

    internal override void OnHit(CacheNode node)
    {
        if (bug != SeededBug.ForgetsToPromoteAHit)
        {
            _right.OnHit(node);
        }
    }

    internal override void Add(CacheNode node)
    {
        _right.Add(node);
        _order.Add(node);
    }

    internal override void Remove(CacheNode node)
    {
        _right.Remove(node);
        _order.Remove(node);
    }

    internal override void Replace(CacheNode old, CacheNode node, bool isUse)
    {
        _right.Replace(old, node, isUse && bug != SeededBug.ForgetsToPromoteAReplacement);
        _order.Remove(old);
        _order.Add(node);
    }

    internal override CacheNode? Evict()
    {
        if (bug == SeededBug.EvictsTheNewest && _order.Count > 0)
        {
            var newest = _order[^1];
            Remove(newest);
            return newest;
        }

        var victim = _right.Evict();
        _order.Remove(victim!);
        return victim;
    }
}
