namespace Resilience.Caching;

/// <summary>The entries of a cache, queued through their own links.</summary>
internal readonly struct EntryNodes : INodes<EntryNode>
{
    private readonly CacheNode[] _heads;

    internal EntryNodes(int rings)
    {
        _heads = new CacheNode[rings];
        for (var i = 0; i < rings; i++)
        {
            var head = new RingHead();
            head.Before = head;
            head.After = head;
            _heads[i] = head;
        }
    }

    public EntryNode Head(int ring) => new(_heads[ring]);

    public EntryNode Before(EntryNode node) => new(node.Entry.Before!);

    public EntryNode After(EntryNode node) => new(node.Entry.After!);

    public void Join(EntryNode node, EntryNode after)
    {
        node.Entry.After = after.Entry;
        after.Entry.Before = node.Entry;
    }

    // Links of what has left would keep alive what came before it.
    public void Clear(EntryNode node)
    {
        node.Entry.Before = null;
        node.Entry.After = null;
    }

    public bool AreSame(EntryNode one, EntryNode other) => ReferenceEquals(one.Entry, other.Entry);

    public uint Hash(EntryNode node) => node.Entry.Hash;

    public ref ushort Marks(EntryNode node) => ref node.Entry.Marks;

    public ref byte Place(EntryNode node) => ref node.Entry.Place;

    private sealed class RingHead : CacheNode;
}
