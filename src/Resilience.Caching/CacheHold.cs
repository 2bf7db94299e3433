namespace Resilience.Caching;

/// <summary>
/// What a lease holds: a pinned entry. Pooled; each use has a version of its own, so that a lease which is disposed again unpins nobody else's.
/// </summary>
internal sealed class CacheHold(ICacheLeaseOwner owner)
{
    private CacheNode? _node;
    private int _version;

    /// <summary>The number of the use; a lease of an earlier one is over.</summary>
    internal int Version => Volatile.Read(ref _version);

    internal void Pin(CacheNode node) => _node = node;

    internal void Release(int version)
    {
        // Whoever moves the version on is the one who releases; what is disposed again finds another.
        if (Interlocked.CompareExchange(ref _version, version + 1, version) != version)
        {
            return;
        }

        var node = _node!;
        _node = null;
        owner.Return(this, node);
    }
}
