namespace Resilience.Caching;

/// <summary>A queue of entries linked through themselves: first in at the front, next out at the back. Guarded by its owner.</summary>
internal struct NodeList
{
    // Mutable: a queue is moved by reference only.
    private CacheNode? _front;
    private CacheNode? _back;

    internal int Count { get; private set; }

    internal readonly CacheNode? Front => _front;

    internal readonly CacheNode? Back => _back;

    internal void AddFront(CacheNode node)
    {
        node.Before = null;
        node.After = _front;
        if (_front is null)
        {
            _back = node;
        }
        else
        {
            _front.Before = node;
        }

        _front = node;
        Count++;
    }

    internal void Remove(CacheNode node)
    {
        if (node.Before is null)
        {
            _front = node.After;
        }
        else
        {
            node.Before.After = node.After;
        }

        if (node.After is null)
        {
            _back = node.Before;
        }
        else
        {
            node.After.Before = node.Before;
        }

        node.Before = null;
        node.After = null;
        Count--;
    }

    /// <summary>Puts <paramref name="next"/> where <paramref name="old"/> stood.</summary>
    internal void Replace(CacheNode old, CacheNode next)
    {
        next.Before = old.Before;
        next.After = old.After;
        if (old.Before is null)
        {
            _front = next;
        }
        else
        {
            old.Before.After = next;
        }

        if (old.After is null)
        {
            _back = next;
        }
        else
        {
            old.After.Before = next;
        }

        old.Before = null;
        old.After = null;
    }

    /// <summary>Takes all of <paramref name="older"/> in behind its own back.</summary>
    internal void TakeBehind(ref NodeList older)
    {
        if (older.Count == 0)
        {
            return;
        }

        if (_back is null)
        {
            this = older;
        }
        else
        {
            _back.After = older._front;
            older._front!.Before = _back;
            _back = older._back;
            Count += older.Count;
        }

        older = default;
    }
}
