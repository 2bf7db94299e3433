namespace Resilience.Caching;

/// <summary>The entries that one operation removed, chained through their own links, to be released when the gate is open again.</summary>
internal struct RemovedNodes
{
    // Mutable: filled under the gate, emptied after it, by one thread.
    private CacheNode? _first;

    internal void Add(CacheNode node, RemovalReason reason)
    {
        node.Reason = reason;
        node.After = _first;
        _first = node;
    }

    internal CacheNode? Take()
    {
        var node = _first;
        if (node is not null)
        {
            _first = node.After;
            node.After = null;
        }

        return node;
    }
}
