namespace Resilience.Caching;

/// <summary>A key and its value. The value never changes; a new one is a new entry in the old one's place.</summary>
internal sealed class CacheEntry<TKey, TValue> : CacheNode
{
    internal readonly TKey Key;
    internal readonly TValue Value;

    // The chain of its bucket: read without a lock, written under the core's gate. Kept when the entry leaves, so that a reader who stands on
    // it finds his way on.
    internal CacheEntry<TKey, TValue>? Next;

    internal CacheEntry(TKey key, TValue value, uint hash)
    {
        Key = key;
        Value = value;
        Hash = hash;
    }
}
