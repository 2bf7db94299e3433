namespace Resilience.Caching;

/// <summary>A payload as it is stored: its bytes, or a frame of them.</summary>
internal sealed class Payload
{
    /// <summary>What is stored. Never changed, so that readers need no lock.</summary>
    internal readonly byte[] Bytes;

    /// <summary>The payload's own length.</summary>
    internal readonly int Length;

    internal readonly bool IsCompressed;

    // See Heat: written by hits without a lock.
    internal ushort Heat;

    // Set before the payload is seen by others.
    internal CacheEntry<string, Payload> Entry = null!;
    internal bool WasCompressed;
    internal bool MayCompress;

    // The hot set's; guarded by its gate.
    internal HotPlace Place;
    internal int Index;
    internal Payload? Older;
    internal Payload? Newer;

    // 1 while it waits to become raw again: taken by compare-and-swap, so that it waits once.
    internal int IsPromoting;

    internal Payload(byte[] bytes, int length, bool isCompressed)
    {
        Bytes = bytes;
        Length = length;
        IsCompressed = isCompressed;
    }

    /// <summary>A payload that was created and is not stored yet.</summary>
    internal static Payload Raw(byte[] bytes, bool mayCompress) => new(bytes, bytes.Length, isCompressed: false) { MayCompress = mayCompress };
}
