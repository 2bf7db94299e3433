namespace Resilience.Caching;

/// <summary>
/// A queue of entries around a head of its own, so that an entry leaves, or a whole queue is joined to another, without knowing which queue it
/// is in. Guarded by its owner.
/// </summary>
internal sealed class NodeRing : CacheNode
{
    internal NodeRing()
    {
        Before = this;
        After = this;
    }

    internal bool IsEmpty => ReferenceEquals(After, this);

    /// <summary>The entry that has been in longest; null if there is none.</summary>
    internal CacheNode? Oldest => IsEmpty ? null : Before;

    internal static void Remove(CacheNode node)
    {
        node.Before!.After = node.After;
        node.After!.Before = node.Before;
        node.Before = null;
        node.After = null;
    }

    /// <summary>Puts <paramref name="next"/> where <paramref name="old"/> stood.</summary>
    internal static void Replace(CacheNode old, CacheNode next)
    {
        next.Before = old.Before;
        next.After = old.After;
        next.Before!.After = next;
        next.After!.Before = next;
        old.Before = null;
        old.After = null;
    }

    internal void Add(CacheNode node)
    {
        node.Before = this;
        node.After = After;
        After!.Before = node;
        After = node;
    }

    /// <summary>Takes all of <paramref name="older"/>, to leave before its own.</summary>
    internal void TakeBehind(NodeRing older)
    {
        if (older.IsEmpty)
        {
            return;
        }

        Before!.After = older.After;
        older.After!.Before = Before;
        older.Before!.After = this;
        Before = older.Before;
        older.Before = older;
        older.After = older;
    }
}
