using System.Runtime.CompilerServices;

namespace Resilience.Caching;

/// <summary>
/// What every cache here is made of: a table that is read without a lock, bounds, an eviction policy and a hand that removes what has expired.
/// One gate orders all writes; it is held for some tens of instructions, and never while a comparer, a sizer, a clock or a removal's
/// handler runs. Safe for concurrent use.
/// </summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TValue">The value.</typeparam>
/// <typeparam name="TI">The interleaving.</typeparam>
internal sealed partial class CacheCore<TKey, TValue, TI>
    where TKey : notnull
    where TI : struct, IInterleaving
{
    // Whoever hits or sets so often reads the time, for all.
    internal const int CallsOfOneTime = 64;
    private const int LinkingStripes = 64;
    private readonly EvictionPolicy _policy;
    private readonly bool _isSystemTime;

    // What a hit reads of the adaptive policy; null for the others.
    private readonly HitSample? _hits;
    private readonly Action<CacheEntry<TKey, TValue>, RemovalReason>? _released;
    private readonly Lock _gate;

    // How often a new key was linked, by hash: whoever found a key absent sees by it that the key still is.
    private readonly uint[] _linkings = new uint[LinkingStripes];
    private CacheTable<TKey, TValue> _table;

    // Odd while a bucket is on its way to a larger table.
    private uint _moves;
    private int _enumerations;
    private uint _sets;

    /// <summary>An empty cache.</summary>
    /// <param name="settings">What it is to be.</param>
    /// <param name="released">Told of each entry that has left and that nobody uses any more, once, outside the gate.</param>
    internal CacheCore(CoreSettings<TKey> settings, Action<CacheEntry<TKey, TValue>, RemovalReason>? released)
    {
        _comparer = Comparer(settings.Comparer);
        _gate = new Lock();
        _isOrdinal = ReferenceEquals(_comparer, OrdinalKeys.Instance);
        _policy = EvictionPolicy.Make(settings, _gate);
        _hits = (_policy as AdaptivePolicy)?.Hits;
        _isSystemTime = ReferenceEquals(settings.Clock, Clock.System);
        _released = released;
        _table = new CacheTable<TKey, TValue>((int)Math.Min(settings.InitialCapacity, settings.MaxEntries));
        Clock = settings.Clock;
        Bounds = new CacheBounds<TI>(settings.MaxEntries, settings.MaxBytes);
    }

    internal Clock Clock { get; }

    internal CacheBounds<TI> Bounds { get; }

    /// <summary>Entries that left because they were evicted, expired, and so on, by <see cref="RemovalReason"/>. Exact when nothing runs.</summary>
    internal long[] Removals { get; } = new long[(int)RemovalReason.Cleared + 1];

    /// <summary>How many sets were refused.</summary>
    internal long Refused { get; private set; }

    /// <summary>The entry of a key, whether fresh or not; null if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal CacheEntry<TKey, TValue>? Find(TKey key) => Find(key, Hash(key));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal CacheEntry<TKey, TValue>? Find(TKey key, uint hash)
    {
        TI.Point(20);
        var table = Volatile.Read(ref _table);
        TI.Point(21);
        var entry = Search(Volatile.Read(ref table.Bucket(hash)), key, hash);

        // Without a successor, seen after the walk, nothing had begun to move and the walk saw the whole chain.
        return entry is not null || Volatile.Read(ref table.Successor) is null ? entry : FindWhileMoving(key, hash);
    }

    /// <summary>Whether an entry is fresh; if so, it was hit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsFresh(CacheEntry<TKey, TValue> entry) => _isSystemTime ? entry.IsFreshBySystem() : entry.IsFresh(Clock);

    /// <summary>Reads the time that hits share anew. Called once in some hits: what they go by lags no longer than that, whatever the timers do.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void RenewTime()
    {
        if (_isSystemTime)
        {
            CoarseTick.Renew();
        }
    }

    /// <summary>
    /// The time at which something begins that lives so long. If that is long, the reading that hits share: it saves a call into the kernel's page, and what
    /// ends some milliseconds early has lost little.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long NowFor(long life)
    {
        if (!_isSystemTime || life < CacheNode.Far)
        {
            return Clock.Coarse;
        }

        // Plain: sets that overlap may count as one.
        if ((++_sets & (CallsOfOneTime - 1)) == 0)
        {
            RenewTime();
        }

        return CoarseTick.Now;
    }

    /// <summary>Counts a hit on an entry that was found fresh.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Touch(CacheEntry<TKey, TValue> entry)
    {
        if (_hits is not null)
        {
            _hits.Count(entry);
            return;
        }

        _policy.OnHit(entry);
    }

    /// <summary>How often the entry was hit lately, from 0 to 15.</summary>
    internal int Heat(CacheEntry<TKey, TValue> entry) => _policy.HeatOf(entry);

    /// <summary>Lets go of an entry that was pinned.</summary>
    internal void Unpin(CacheEntry<TKey, TValue> entry)
    {
        if (entry.Unpin<TI>())
        {
            Bounds.Release(0, entry.Size);
            Released(entry);
        }
    }

    /// <summary>Returns when the write under way, if there is one, is over.</summary>
    internal void Await()
    {
        _gate.Enter();
        _gate.Exit();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private CacheEntry<TKey, TValue>? Search(CacheEntry<TKey, TValue>? entry, TKey key, uint hash)
    {
        while (entry is not null && !(entry.Hash == hash && Same(entry.Key, key)))
        {
            TI.Point(22);
            entry = Volatile.Read(ref entry.Next);
        }

        return entry;
    }

    // A chain that is moved meanwhile may lead astray: an entry that was found is right, a miss counts only if nothing moved.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private CacheEntry<TKey, TValue>? FindWhileMoving(TKey key, uint hash)
    {
        var wait = default(SpinWait);
        while (true)
        {
            TI.Point(23);
            var moves = Volatile.Read(ref _moves);
            var table = Volatile.Read(ref _table);
            var next = Volatile.Read(ref table.Successor);
            TI.Point(24);
            var entry = Search(Volatile.Read(ref table.Bucket(hash)), key, hash)
                ?? (next is null ? null : Search(Volatile.Read(ref next.Bucket(hash)), key, hash));
            TI.Point(25);
            if (entry is not null || ((moves & 1) == 0 && Volatile.Read(ref _moves) == moves))
            {
                return entry;
            }

            wait.SpinOnce();
        }
    }

    private void Released(CacheEntry<TKey, TValue> entry)
    {
        try
        {
            _released?.Invoke(entry, entry.Reason);
        }
        catch (Exception exception)
        {
            // The entry has left all the same; what its handler throws is nobody's who works on another key.
            UnobservedFault.Report(exception);
        }
    }

    private void Release(ref RemovedNodes removed)
    {
        while (removed.Take() is { } node)
        {
            Released((CacheEntry<TKey, TValue>)node);
        }
    }
}
