namespace Resilience.Caching;

/// <summary>A cache that has values created.</summary>
internal interface ICreationTarget<TKey, TValue>
    where TKey : notnull
{
    /// <summary>A fresh entry was found for one of many keys.</summary>
    void Use(CacheEntry<TKey, TValue> entry);

    /// <summary>Stores a value that was created.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="options">How long it lives; null: as the cache says.</param>
    /// <param name="ticks">How long its creation took.</param>
    /// <returns>Its entry, stored or refused.</returns>
    CacheEntry<TKey, TValue> Keep(TKey key, TValue value, CacheEntryOptions? options, long ticks);
}
