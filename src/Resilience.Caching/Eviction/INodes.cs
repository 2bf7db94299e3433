namespace Resilience.Caching;

/// <summary>
/// How queues reach what they order: the entries of a cache by reference, the keys of a simulation by number, both without a dispatch. Each has
/// its own heads, of which every queue is a ring.
/// </summary>
/// <typeparam name="TNode">What is ordered.</typeparam>
internal interface INodes<TNode>
    where TNode : struct
{
    TNode Head(int ring);

    TNode Before(TNode node);

    TNode After(TNode node);

    /// <summary>Links two neighbours to each other.</summary>
    void Join(TNode node, TNode after);

    /// <summary>A node is in no queue any more.</summary>
    void Clear(TNode node);

    bool AreSame(TNode one, TNode other);

    uint Hash(TNode node);

    ref ushort Marks(TNode node);

    ref byte Place(TNode node);
}
