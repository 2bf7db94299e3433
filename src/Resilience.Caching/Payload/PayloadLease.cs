using System.Diagnostics.CodeAnalysis;

namespace Resilience.Caching;

/// <summary>
/// A payload's bytes, without a copy if they are stored raw. The bytes of an entry that has left count until its leases are disposed.
/// </summary>
/// <remarks>Disposing it, or a copy of it, again does nothing. Not safe for concurrent use; the bytes must not be changed.</remarks>
[SuppressMessage("Performance", "CA1815", Justification = "A lease is never compared.")]
public readonly struct PayloadLease : IDisposable
{
    private readonly PayloadHold? _hold;
    private readonly int _version;

    internal PayloadLease(PayloadHold hold)
    {
        _hold = hold;
        _version = hold.Version;
    }

    /// <summary>The payload.</summary>
    /// <exception cref="ObjectDisposedException">The lease is disposed, or was never taken.</exception>
    public ReadOnlyMemory<byte> Memory
    {
        get
        {
            if (_hold is null || _hold.Version != _version)
            {
                throw new ObjectDisposedException(nameof(PayloadLease));
            }

            return _hold.Memory;
        }
    }

    /// <summary>Lets go of the payload.</summary>
    public void Dispose() => _hold?.Release(_version);
}
