namespace Resilience.Caching;

/// <content>Links, growth, the hand, and enumeration. What has no summary of its own runs under the gate.</content>
internal sealed partial class CacheCore<TKey, TValue, TI>
{
    /// <summary>The most entries that one operation looks at to find what has expired.</summary>
    internal const int MostExamined = 16;

    private const int MostBucketsSwept = 16;
    private const int BucketsMoved = 16;

    // Nothing expires before this; a lower bound, made exact each time the hand comes round.
    private long _soonest = CacheNode.Never;
    private long _soonestOfRound = CacheNode.Never;
    private int _hand;

    /// <summary>How many entries the last write looked at to find what has expired.</summary>
    internal int Examined { get; private set; }

    /// <summary>The buckets of the table, for tests.</summary>
    internal int Buckets => Volatile.Read(ref _table).Buckets.Length;

    /// <summary>
    /// Every entry, fresh or not. Entries that come or go meanwhile may be among them or not; all others are, once. The table does not grow
    /// while it is enumerated.
    /// </summary>
    internal IEnumerable<CacheEntry<TKey, TValue>> Enumerate()
    {
        lock (_gate)
        {
            _enumerations++;
        }

        try
        {
            while (Volatile.Read(ref _table).Successor is not null)
            {
                lock (_gate)
                {
                    MoveSome();
                }
            }

            foreach (var head in Volatile.Read(ref _table).Buckets)
            {
                for (var entry = head; entry is not null; entry = Volatile.Read(ref entry.Next))
                {
                    yield return entry;
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                _enumerations--;
            }
        }
    }

    private void Link(CacheEntry<TKey, TValue> entry)
    {
        var table = _table;
        if (table.Successor is null && Bounds.Entries > table.Buckets.Length && _enumerations == 0
            && table.Buckets.Length < CacheTable<TKey, TValue>.MostBuckets)
        {
            Volatile.Write(ref table.Successor, new CacheTable<TKey, TValue>(table.Buckets.Length * 2));
        }

        ref var head = ref (table.Successor ?? table).Bucket(entry.Hash);
        entry.Next = head;
        Expect(entry);
        TI.Point(40);
        Volatile.Write(ref Linkings(entry.Hash), Linkings(entry.Hash) + 1);
        TI.Point(41);
        Volatile.Write(ref head, entry);
    }

    private void Relink(CacheEntry<TKey, TValue> old, CacheEntry<TKey, TValue> entry)
    {
        ref var link = ref LinkTo(old);
        entry.Next = old.Next;
        old.IsLinked = false;
        Expect(entry);
        TI.Point(42);
        Volatile.Write(ref link, entry);
    }

    private void Unlink(CacheEntry<TKey, TValue> entry)
    {
        ref var link = ref LinkTo(entry);
        entry.IsLinked = false;
        TI.Point(43);
        Volatile.Write(ref link, entry.Next);
    }

    private ref CacheEntry<TKey, TValue>? LinkTo(CacheEntry<TKey, TValue> entry)
    {
        ref var link = ref _table.LinkTo(entry);
        if (link is null)
        {
            link = ref _table.Successor!.LinkTo(entry);
        }

        return ref link;
    }

    private void Expect(CacheEntry<TKey, TValue> entry)
    {
        entry.IsLinked = true;
        _soonest = Math.Min(_soonest, entry.FreshUntil);
        _soonestOfRound = Math.Min(_soonestOfRound, entry.FreshUntil);
    }

    private void MoveSome()
    {
        var table = _table;
        if (table.Successor is not { } successor)
        {
            return;
        }

        var last = Math.Min(table.Buckets.Length, table.Moved + BucketsMoved);
        for (; table.Moved < last; table.Moved++)
        {
            // Full fences: a reader who saw a link of the move sees that one is under way.
            Interlocked.Increment(ref _moves);
            TI.Point(44);
            table.Move(table.Moved);
            TI.Point(45);
            Interlocked.Increment(ref _moves);
        }

        if (table.Moved == table.Buckets.Length)
        {
            Volatile.Write(ref _table, successor);
            _hand = 0;
            _soonest = 0;
            _soonestOfRound = CacheNode.Never;
        }
    }

    // Lets the hand pass a few buckets. Pressed for room, it removes what is stale too.
    private bool Sweep(long now, ref RemovedNodes removed, bool pressed)
    {
        if (now < _soonest || _table.Successor is not null)
        {
            return false;
        }

        var found = false;
        var buckets = _table.Buckets;
        var most = pressed ? MostExamined : MostExamined / 2;
        for (var swept = 0; swept < MostBucketsSwept && Examined < most; swept++)
        {
            found |= SweepBucket(buckets[_hand], now, most, ref removed, pressed);
            if (Examined == most && swept > 0)
            {
                // Perhaps cut short: the next write begins here.
                break;
            }

            if (++_hand == buckets.Length)
            {
                _hand = 0;
                _soonest = _soonestOfRound;
                _soonestOfRound = CacheNode.Never;
            }
        }

        return found;
    }

    private bool SweepBucket(CacheEntry<TKey, TValue>? entry, long now, int most, ref RemovedNodes removed, bool pressed)
    {
        var found = false;
        for (; entry is not null; entry = entry.Next)
        {
            if (Examined == most)
            {
                // The rest of a long chain waits for the next round, which must not be put off.
                _soonestOfRound = 0;
                break;
            }

            Examined++;
            var fresh = Volatile.Read(ref entry.FreshUntil);
            if (entry.IsLeaving)
            {
                // The operation under way is about to replace it.
                continue;
            }

            if (now >= (pressed ? fresh : entry.DeadAt))
            {
                Drop(entry, RemovalReason.Expired, ref removed);
                found = true;
            }
            else
            {
                _soonestOfRound = Math.Min(_soonestOfRound, fresh);
            }
        }

        return found;
    }
}
