using System.Diagnostics.CodeAnalysis;

namespace Resilience.Caching;

/// <summary>
/// A value that the cache does not dispose before the lease is. The bytes of a value that has left the cache count until then. Dispose it once.
/// </summary>
/// <typeparam name="TValue">The value.</typeparam>
[SuppressMessage("Performance", "CA1815", Justification = "A lease is never compared.")]
public readonly struct CacheLease<TValue> : IDisposable
{
    private readonly ICacheLeaseOwner? _owner;
    private readonly CacheNode? _node;

    internal CacheLease(ICacheLeaseOwner owner, CacheNode node, TValue value)
    {
        _owner = owner;
        _node = node;
        Value = value;
    }

    /// <summary>The value.</summary>
    public TValue Value { get; }

    /// <summary>Lets go of the value.</summary>
    public void Dispose() => _owner?.Return(_node!);
}
