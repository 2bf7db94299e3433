using System.Runtime.CompilerServices;

namespace Resilience.Caching;

/// <summary>
/// Queues around heads of their own, so that a node leaves, or a whole queue is joined to another, without knowing which queue it is in. Guarded
/// by their owner.
/// </summary>
/// <typeparam name="TNode">What is queued.</typeparam>
/// <typeparam name="TNodes">How it is reached.</typeparam>
internal readonly struct Rings<TNode, TNodes>(TNodes nodes)
    where TNode : struct
    where TNodes : struct, INodes<TNode>
{
    internal bool IsEmpty(int ring) => nodes.AreSame(nodes.After(nodes.Head(ring)), nodes.Head(ring));

    /// <summary>The node that has been in longest; false if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryOldest(int ring, out TNode oldest)
    {
        var head = nodes.Head(ring);
        oldest = nodes.Before(head);
        return !nodes.AreSame(oldest, head);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(int ring, TNode node)
    {
        var head = nodes.Head(ring);
        nodes.Join(node, nodes.After(head));
        nodes.Join(head, node);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Remove(TNode node)
    {
        nodes.Join(nodes.Before(node), nodes.After(node));
        nodes.Clear(node);
    }

    /// <summary>Puts <paramref name="next"/> where <paramref name="old"/> stood.</summary>
    internal void Replace(TNode old, TNode next)
    {
        nodes.Join(nodes.Before(old), next);
        nodes.Join(next, nodes.After(old));
        nodes.Clear(old);
    }

    /// <summary>Takes all of <paramref name="older"/> into <paramref name="ring"/>, to leave before its own.</summary>
    internal void TakeBehind(int ring, int older)
    {
        if (IsEmpty(older))
        {
            return;
        }

        var (head, from) = (nodes.Head(ring), nodes.Head(older));
        nodes.Join(nodes.Before(head), nodes.After(from));
        nodes.Join(nodes.Before(from), head);
        nodes.Join(from, from);
    }
}
