namespace Resilience.Caching;

/// <summary>An entry as the queues see it: a value type, so that the code of the queues is made for it alone.</summary>
internal readonly struct EntryNode(CacheNode entry)
{
    internal CacheNode Entry => entry;
}
