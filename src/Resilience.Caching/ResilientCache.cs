using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Resilience.Caching;

/// <summary>
/// Objects by key in this process, bounded by entries and, with a sizer, by bytes at once; neither bound is ever passed. Entries expire when they
/// are read, or when a hand comes by that moves a few entries with each write: there is no timer and no sweep.
/// </summary>
/// <typeparam name="TKey">The key. Its hash and equality must not change.</typeparam>
/// <typeparam name="TValue">The value.</typeparam>
/// <remarks>
/// Safe for concurrent use. A hit takes no lock and allocates nothing, but for the short lock of
/// <see cref="CacheEviction.LeastRecentlyUsed"/>; a write allocates its entry and holds one short lock, never while code of the user's runs. Every operation takes
/// constant time, but for the evictions that a large value forces and what works on the whole cache.
/// </remarks>
public sealed partial class ResilientCache<TKey, TValue> : IEnumerable<KeyValuePair<TKey, TValue>>, IDisposable, ICacheLeaseOwner,
    ICreationTarget<TKey, TValue>, IMeasuredCache
    where TKey : notnull
{
    private readonly CacheCore<TKey, TValue, Production> _core;
    private readonly StripedCounter<Production> _counters = new();
    private readonly CacheFlights<TKey, TValue> _flights;
    private readonly HitWindows _windows;
    private readonly ItemPool<CacheHold> _holds;
    private readonly LatencySample? _gets;
    private readonly LatencySample? _sets;

    // How long every entry lives that is set without options of its own; zero where that is not all there is to it.
    private readonly long _plainLife;

    // Turns on once.
    private volatile bool _disposed;

    /// <summary>An empty cache.</summary>
    /// <param name="options">The options; null for at most 10,000 entries that do not expire.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public ResilientCache(ResilientCacheOptions<TKey, TValue>? options = null)
    {
        options ??= new ResilientCacheOptions<TKey, TValue>();
        options.Validate();
        Options = options;
        _plainLife = options.KindOf is null ? options.Entry.PlainLife : 0;
        _core = new CacheCore<TKey, TValue, Production>(options.ToCore(), options is { DisposeValues: false, OnRemoved: null } ? null : Released);
        _holds = new ItemPool<CacheHold>(() => new CacheHold(this));
        _windows = new HitWindows(_counters, _core.Clock.Coarse);
        _flights = new CacheFlights<TKey, TValue>(this, _core, _counters, _windows, options.Creation);
        _gets = LatencySample.If(options.MeasuresLatency, options.TimeProvider);
        _sets = LatencySample.If(options.MeasuresLatency, options.TimeProvider);
        if (options.Name is { } name)
        {
            CacheMetrics.Add(name, this);
        }
    }

    /// <summary>The options it was made with.</summary>
    public ResilientCacheOptions<TKey, TValue> Options { get; }

    /// <summary>How many entries it holds, with those that have expired and not been removed yet.</summary>
    public int Count => _core.Bounds.Entries;

    /// <summary>How many bytes it holds, with those under a lease that have left.</summary>
    public long Bytes => _core.Bounds.Bytes;

    /// <summary>The value of a key, if it is there and fresh.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, or its type's default.</param>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_gets is not null && LatencySample.IsDue())
        {
            return TryGetTimed(key, out value);
        }

        var entry = _core.Find(key);
        if (IsHit(entry))
        {
            value = entry.Value;
            return true;
        }

        return Miss(entry, out value);
    }

    /// <summary>The value of a key, fresh or stale, as long as its entry may be served; see <see cref="CacheEntryOptions.StaleFor"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, or its type's default.</param>
    public bool TryGetStale(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var entry = _core.Find(key);
        if (entry is null || _core.Clock.Coarse >= entry.DeadAt)
        {
            return Miss(entry, out value);
        }

        if (!IsHit(entry))
        {
            _windows.Miss(_core.Clock.Coarse);
            _counters.Increment(CacheColumn.Stale);
        }

        value = entry.Value;
        return true;
    }

    /// <summary>Whether a key is there and fresh. It counts neither as a hit nor as a miss.</summary>
    /// <param name="key">The key.</param>
    public bool Contains(TKey key) => _core.Find(key) is { } entry && entry.IsFreshNow(_core.Clock);

    /// <summary>The value of a key under a lease, if it is there and fresh: the cache does not dispose it before the lease is disposed.</summary>
    /// <param name="key">The key.</param>
    /// <param name="lease">What to dispose when the value is no longer used.</param>
    public bool TryRent(TKey key, out CacheLease<TValue> lease)
    {
        if (_gets is not null && LatencySample.IsDue())
        {
            return TryRentTimed(key, out lease);
        }

        while (_core.Find(key) is { } entry && entry.IsFresh(_core.Clock))
        {
            if (!entry.TryPin<Production>())
            {
                // It is being replaced or removed.
                _core.Await();
                continue;
            }

            _core.Touch(entry);
            _counters.Increment(CacheColumn.Hits);
            var hold = _holds.Take();
            hold.Pin(entry);
            lease = new CacheLease<TValue>(hold, entry.Value);
            return true;
        }

        _windows.Miss(_core.Clock.Coarse);
        lease = default;
        return false;
    }

    /// <summary>Stores a value, in the place of the one that the key has.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="entryOptions">How long it lives; null: by its kind, or as the cache's options say.</param>
    /// <returns>
    /// False if there is no room, because it is larger than the cache or leases hold the rest. The key then has no value: the older one has been
    /// superseded. A value that was refused is not disposed.
    /// </returns>
    /// <exception cref="ArgumentException">The options are out of range, or the sizer answered a negative number.</exception>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    public bool Set(TKey key, TValue value, CacheEntryOptions? entryOptions = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_sets is not null && LatencySample.IsDue())
        {
            return SetTimed(key, value, entryOptions);
        }

        var entry = Make(key, value, entryOptions, out var now);
        _flights.Supersede(key);
        var stored = _core.Set(entry, now);
        if (_disposed)
        {
            // Disposed meanwhile: what came too late to be cleared leaves here.
            _core.Remove(entry, RemovalReason.Cleared);
        }

        return stored;
    }

    /// <summary>Removes a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether it was there, fresh or not.</returns>
    public bool Remove(TKey key)
    {
        _flights.Supersede(key);
        while (_core.Find(key) is { } entry)
        {
            if (_core.Remove(entry, RemovalReason.Removed))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Looks values up by keys of another form that the comparer knows, such as spans of characters in place of strings.</summary>
    /// <typeparam name="TAlternate">The other form.</typeparam>
    /// <exception cref="InvalidOperationException">The comparer does not know that form.</exception>
    public CacheAlternateLookup<TKey, TValue, TAlternate> GetAlternateLookup<TAlternate>()
        where TAlternate : allows ref struct => new(this, _core.KeyComparer as IAlternateEqualityComparer<TAlternate, TKey>
            ?? throw new InvalidOperationException(
                $"The comparer of the keys does not know {typeof(TAlternate).Name}: give one that is an IAlternateEqualityComparer of it."));

    /// <summary>
    /// The entries that are fresh. Those that come or go meanwhile may be among them or not; all others are, once. Counts as no hit.
    /// </summary>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator()
    {
        foreach (var entry in _core.Enumerate())
        {
            if (entry.IsFreshNow(_core.Clock))
            {
                yield return new KeyValuePair<TKey, TValue>(entry.Key, entry.Value);
            }
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Clears the cache; nothing can be set any more. Values are disposed if the options say so.</summary>
    public void Dispose()
    {
        _disposed = true;
        _flights.Close();
        Clear();
    }

    /// <inheritdoc/>
    void ICacheLeaseOwner.Return(CacheHold hold, CacheNode node)
    {
        _holds.TryReturn(hold);
        _core.Unpin((CacheEntry<TKey, TValue>)node);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Miss(CacheEntry<TKey, TValue>? entry, [MaybeNullWhen(false)] out TValue value)
    {
        var now = _core.Clock.Coarse;
        _windows.Miss(now);
        if (entry is not null && now >= entry.DeadAt)
        {
            _core.RemoveDead(entry);
        }

        value = default;
        return false;
    }
}
