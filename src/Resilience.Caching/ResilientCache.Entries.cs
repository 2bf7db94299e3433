using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Resilience.Caching;

/// <content>What works on the whole cache, how an entry is made, and found by a key of another form.</content>
public sealed partial class ResilientCache<TKey, TValue>
{
    /// <summary>
    /// Removes what is there now; what is on its way reaches those who wait, and is not stored. O(entries), with the lock held for one entry at a time.
    /// </summary>
    public void Clear()
    {
        _flights.SupersedeAll();
        foreach (var entry in _core.Enumerate())
        {
            _core.Remove(entry, RemovalReason.Cleared);
        }
    }

    /// <summary>Changes the bounds and evicts what is above them, with the lock held for 64 entries at a time.</summary>
    /// <param name="maxEntries">The most entries: from 1 to <see cref="ResilientCacheOptions{TKey, TValue}.MostEntries"/>.</param>
    /// <param name="maxBytes">The most bytes; null for as many as there may be.</param>
    /// <exception cref="ArgumentException">A bound is out of its range, or bytes cannot be counted.</exception>
    public void Resize(int maxEntries, long? maxBytes = null)
    {
        (Options with { MaxEntries = maxEntries, MaxBytes = maxBytes }).Validate();
        _core.Resize(maxEntries, maxBytes ?? ResilientCacheOptions<TKey, TValue>.MostBytes);
    }

    internal bool TryGet<TAlternate>(
        TAlternate key, IAlternateEqualityComparer<TAlternate, TKey> comparer, [MaybeNullWhen(false)] out TValue value)
        where TAlternate : allows ref struct
    {
        if (_gets is not null && LatencySample.IsDue())
        {
            var start = _gets.Tracker.Start();
            var isThere = TryGet(key, comparer, out value);
            _gets.Tracker.Record(start);
            return isThere;
        }

        var entry = _core.Find(key, comparer);
        if (IsHit(entry))
        {
            value = entry.Value;
            return true;
        }

        return Miss(entry, out value);
    }

    internal bool Remove<TAlternate>(TAlternate key, IAlternateEqualityComparer<TAlternate, TKey> comparer)
        where TAlternate : allows ref struct
    {
        // A value that is on its way is known by the key itself.
        return _core.Find(key, comparer) is { } entry ? Remove(entry.Key) : _flights.HasFlown && Remove(comparer.Create(key));
    }

    // Whether it is there and fresh; if so, it is counted.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsHit([NotNullWhen(true)] CacheEntry<TKey, TValue>? entry)
    {
        if (entry is null || !_core.IsFresh(entry))
        {
            return false;
        }

        _core.Touch(entry);
        if ((_counters.Increment(CacheColumn.Hits) & (CacheCore<TKey, TValue, Production>.CallsOfOneTime - 1)) == 0)
        {
            _core.RenewTime();
        }

        return true;
    }

    private CacheEntry<TKey, TValue> Make(TKey key, TValue value, CacheEntryOptions? entryOptions, out long now)
    {
        var hash = _core.Hash(key);
        _core.Expect(hash);
        entryOptions?.Validate(nameof(entryOptions));
        var entry = new CacheEntry<TKey, TValue>(key, value, hash);
        if (Options.SizeOf is { } sizer)
        {
            entry.Size = Checked(sizer(key, value));
        }

        if (entryOptions is null && _plainLife != 0)
        {
            now = _core.NowFor(_plainLife);
            entry.FreshUntil = _plainLife == CacheNode.Never ? CacheNode.Never : now + _plainLife;
            return entry;
        }

        now = _core.Clock.Coarse;
        (entryOptions ?? OptionsOf(key, value)).ApplyTo(entry, now);
        return entry;
    }

    private static long Checked(long size) => size >= 0
        ? size
        : throw new ArgumentException($"{nameof(Options.SizeOf)} answered {size}: a size is never negative.");

    private CacheEntryOptions OptionsOf(TKey key, TValue value) =>
        Options.KindOf?.Invoke(key, value) is { } kind && Options.Kinds!.TryGetValue(kind, out var options) ? options : Options.Entry;

    private void Released(CacheEntry<TKey, TValue> entry, RemovalReason reason)
    {
        try
        {
            Options.OnRemoved?.Invoke(entry.Key, entry.Value, reason);
        }
        finally
        {
            if (Options.DisposeValues)
            {
                (entry.Value as IDisposable)?.Dispose();
            }
        }
    }
}
