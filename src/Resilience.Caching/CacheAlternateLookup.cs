using System.Diagnostics.CodeAnalysis;

namespace Resilience.Caching;

/// <summary>A cache seen through keys of another form. Nothing is built or allocated to look one up.</summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TValue">The value.</typeparam>
/// <typeparam name="TAlternate">The other form.</typeparam>
[SuppressMessage("Performance", "CA1815", Justification = "A view is never compared.")]
public readonly struct CacheAlternateLookup<TKey, TValue, TAlternate>
    where TKey : notnull
    where TAlternate : allows ref struct
{
    private readonly IAlternateEqualityComparer<TAlternate, TKey> _comparer;

    internal CacheAlternateLookup(ResilientCache<TKey, TValue> cache, IAlternateEqualityComparer<TAlternate, TKey> comparer)
    {
        Cache = cache;
        _comparer = comparer;
    }

    /// <summary>The cache.</summary>
    public ResilientCache<TKey, TValue> Cache { get; }

    /// <summary>The value of a key, if it is there and fresh.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, or its type's default.</param>
    public bool TryGet(TAlternate key, [MaybeNullWhen(false)] out TValue value) => Cache.TryGet(key, _comparer, out value);

    /// <summary>Stores a value under a key that is built for it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="entryOptions">How long it lives; null: by its kind, or as the cache's options say.</param>
    /// <returns>False if there is no room.</returns>
    public bool Set(TAlternate key, TValue value, CacheEntryOptions? entryOptions = null) => Cache.Set(_comparer.Create(key), value, entryOptions);

    /// <summary>Removes a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether it was there, fresh or not.</returns>
    public bool Remove(TAlternate key) => Cache.Remove(key, _comparer);
}
