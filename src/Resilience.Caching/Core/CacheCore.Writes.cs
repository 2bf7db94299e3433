namespace Resilience.Caching;

/// <content>Setting, swapping and removing.</content>
internal sealed partial class CacheCore<TKey, TValue, TI>
{
    /// <summary>
    /// Stores an entry, in the place of the one with its key if there is one. If there is no room for it, it is refused and the older one
    /// removed: its value has been superseded.
    /// </summary>
    internal bool Set(CacheEntry<TKey, TValue> entry) => Set(entry, Clock.Coarse);

    /// <inheritdoc cref="Set(CacheEntry{TKey, TValue})"/>
    /// <param name="entry">The entry.</param>
    /// <param name="now">A reading of the clock.</param>
    internal bool Set(CacheEntry<TKey, TValue> entry, long now)
    {
        RemovedNodes removed = default;
        bool stored;
        while (true)
        {
            TI.Point(30);
            var linkings = Volatile.Read(ref Linkings(entry.Hash));
            var old = Find(entry.Key, entry.Hash);
            TI.Point(31);
            lock (_gate)
            {
                if (old is null ? Linkings(entry.Hash) != linkings : !old.IsLinked)
                {
                    continue;
                }

                stored = Store(entry, old, now, ref removed);
                break;
            }
        }

        Release(ref removed);
        return stored;
    }

    /// <summary>A key is about to be set: asks for the memory that this will read.</summary>
    internal void Expect(uint hash)
    {
        TI.Point(33);
        var table = Volatile.Read(ref _table);
        Prefetch.Line(ref table.Bucket(hash));
        if (_policy.Expect(hash) is { } next)
        {
            // Links are read without the gate: whatever is led to is only asked for.
            TI.Point(34);
            Prefetch.Line(ref table.Bucket(next.Hash));
            if (next.Before is { } afterwards)
            {
                Prefetch.Line(ref afterwards.Before);
                Prefetch.Line(ref afterwards.Hash);
            }
        }
    }

    /// <summary>
    /// Puts another form of the same value in the place of <paramref name="old"/>: not if that has left, is dead or under a lease, or if there
    /// is no room without evicting. It counts as no use.
    /// </summary>
    internal bool TrySwap(CacheEntry<TKey, TValue> old, CacheEntry<TKey, TValue> entry)
    {
        var now = Clock.Coarse;
        RemovedNodes removed = default;
        var stored = false;
        entry.TakeTimes(old);
        lock (_gate)
        {
            // Nobody else adds bytes while the gate is held.
            if (old.IsLinked && !old.IsPinned && now < old.DeadAt && Bounds.Bytes + entry.Size - old.Size <= Bounds.MaxBytes)
            {
                stored = Replace(entry, old, now, isUse: false, ref removed);
            }
        }

        Release(ref removed);
        return stored;
    }

    /// <summary>Removes an entry if it is still there.</summary>
    internal bool Remove(CacheEntry<TKey, TValue> entry, RemovalReason reason)
    {
        RemovedNodes removed = default;
        bool was;
        TI.Point(32);
        lock (_gate)
        {
            was = entry.IsLinked;
            if (was)
            {
                Drop(entry, reason, ref removed);
            }
        }

        Release(ref removed);
        return was;
    }

    /// <summary>Removes an entry that was found dead, unless somebody else is writing: then a later read or the hand does.</summary>
    internal void RemoveDead(CacheEntry<TKey, TValue> entry)
    {
        if (!_gate.TryEnter())
        {
            return;
        }

        RemovedNodes removed = default;
        try
        {
            if (entry.IsLinked)
            {
                Drop(entry, RemovalReason.Expired, ref removed);
            }
        }
        finally
        {
            _gate.Exit();
        }

        Release(ref removed);
    }

    private ref uint Linkings(uint hash) => ref _linkings[(hash >> 24) % LinkingStripes];

    private bool Store(CacheEntry<TKey, TValue> entry, CacheEntry<TKey, TValue>? old, long now, ref RemovedNodes removed)
    {
        MoveSome();
        Examined = 0;
        Sweep(now, ref removed, pressed: false);
        if (old is { IsLinked: false })
        {
            // The hand has just removed it.
            old = null;
        }

        return old is null ? Add(entry, now, ref removed) : Replace(entry, old, now, isUse: true, ref removed);
    }

    private bool Add(CacheEntry<TKey, TValue> entry, long now, ref RemovedNodes removed)
    {
        _policy.Missed(entry.Hash, entry.Size);
        if (!TryMakeRoom(entry, 1, entry.Size, now, ref removed))
        {
            Refused++;
            return false;
        }

        _policy.Add(entry);
        Link(entry);
        return true;
    }

    private bool Replace(CacheEntry<TKey, TValue> entry, CacheEntry<TKey, TValue> old, long now, bool isUse, ref RemovedNodes removed)
    {
        // From here on nobody pins the old one, so that it is known whether its bytes are free.
        old.Reason = RemovalReason.Replaced;
        var free = old.Leave<TI>();
        _policy.Replace(old, entry, isUse);
        var stored = TryMakeRoom(entry, 0, entry.Size - (free ? old.Size : 0), now, ref removed);
        if (stored)
        {
            Relink(old, entry);
        }
        else
        {
            Refused++;
            old.Reason = RemovalReason.Removed;
            Unlink(old);
            _policy.Remove(entry);
            Bounds.Release(1, free ? old.Size : 0);
        }

        Removals[(int)old.Reason]++;
        if (free && _released is not null)
        {
            removed.Add(old, old.Reason);
        }

        return stored;
    }

    private void Drop(CacheEntry<TKey, TValue> entry, RemovalReason reason, ref RemovedNodes removed)
    {
        _policy.Remove(entry);
        Leave(entry, reason, ref removed);
    }

    // Out of the table and of the count; its bytes too, unless a lease holds them.
    private void Leave(CacheEntry<TKey, TValue> entry, RemovalReason reason, ref RemovedNodes removed)
    {
        Unlink(entry);
        var free = Part(entry, reason, ref removed);
        Bounds.Release(1, free ? entry.Size : 0);
    }

    private bool Part(CacheEntry<TKey, TValue> entry, RemovalReason reason, ref RemovedNodes removed)
    {
        entry.Reason = reason;
        Removals[(int)reason]++;
        var free = entry.Leave<TI>();
        if (free && _released is not null)
        {
            removed.Add(entry, reason);
        }

        return free;
    }
}
