using System.Diagnostics.CodeAnalysis;

namespace Resilience.Caching;

/// <summary>
/// A value that the cache does not dispose before the lease is. The bytes of a value that has left the cache count until then.
/// </summary>
/// <remarks>Disposing it, or a copy of it, again does nothing.</remarks>
/// <typeparam name="TValue">The value.</typeparam>
[SuppressMessage("Performance", "CA1815", Justification = "A lease is never compared.")]
public readonly struct CacheLease<TValue> : IDisposable
{
    private readonly CacheHold? _hold;
    private readonly int _version;

    internal CacheLease(CacheHold hold, TValue value)
    {
        _hold = hold;
        _version = hold.Version;
        Value = value;
    }

    /// <summary>The value.</summary>
    public TValue Value { get; }

    /// <summary>Lets go of the value.</summary>
    public void Dispose() => _hold?.Release(_version);
}
