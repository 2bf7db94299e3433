using System.Collections.Concurrent;

namespace Resilience;

/// <summary>
/// Idle items, a bounded number. Unlike a pool that drops what it cannot keep, this one says so: a dropped item would hold its place in the
/// sweeper's table for ever.
/// </summary>
/// <remarks>Safe for concurrent use. Taking and returning allocate nothing once warm.</remarks>
internal sealed class ItemPool<TItem>(Func<TItem> create)
    where TItem : class
{
    private readonly ConcurrentQueue<TItem> _items = new();
    private TItem? _first;
    private int _queued;

    internal TItem Take()
    {
        var first = Volatile.Read(ref _first);
        if (first is not null && Interlocked.CompareExchange(ref _first, null, first) == first)
        {
            return first;
        }

        if (_items.TryDequeue(out var item))
        {
            Interlocked.Decrement(ref _queued);
            return item;
        }

        return create();
    }

    /// <summary>False when the pool is full: the item is still the caller's. When true it may be in use elsewhere already.</summary>
    internal bool TryReturn(TItem item)
    {
        if (Volatile.Read(ref _first) is null && Interlocked.CompareExchange(ref _first, item, null) is null)
        {
            return true;
        }

        if (Interlocked.Increment(ref _queued) < PoolLimits.Retained)
        {
            _items.Enqueue(item);
            return true;
        }

        Interlocked.Decrement(ref _queued);
        return false;
    }
}
