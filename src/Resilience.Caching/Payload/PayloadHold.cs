using System.Buffers;

namespace Resilience.Caching;

/// <summary>What a lease holds: a pinned entry, bytes that are not stored, or a rented array with the inflated payload. Pooled; each use has a version of its own.</summary>
internal sealed class PayloadHold(PayloadCache cache)
{
    private CacheEntry<string, Payload>? _entry;
    private byte[]? _rented;
    private int _version;

    /// <summary>The number of the use; a lease of an earlier one is over.</summary>
    internal int Version => Volatile.Read(ref _version);

    internal ReadOnlyMemory<byte> Memory { get; private set; }

    internal void Pin(CacheEntry<string, Payload> entry)
    {
        _entry = entry;
        Memory = entry.Value.Bytes;
    }

    internal void Keep(byte[] bytes) => Memory = bytes;

    internal void Rent(byte[] rented, int length)
    {
        _rented = rented;
        Memory = rented.AsMemory(0, length);
    }

    internal void Release(int version)
    {
        // Whoever moves the version on is the one who releases; what is disposed again finds another.
        if (Interlocked.CompareExchange(ref _version, version + 1, version) != version)
        {
            return;
        }

        var (entry, rented) = (_entry, _rented);
        (_entry, _rented, Memory) = (null, null, default);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        cache.Return(this, entry);
    }
}
