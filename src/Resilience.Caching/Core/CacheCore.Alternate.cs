namespace Resilience.Caching;

/// <content>Keys in another form, such as a span in place of a string.</content>
internal sealed partial class CacheCore<TKey, TValue, TI>
{
    internal static uint Hash<TAlternate>(TAlternate key, IAlternateEqualityComparer<TAlternate, TKey> comparer)
        where TAlternate : allows ref struct =>
        ReferenceEquals(comparer, OrdinalKeys.Instance) ? (uint)comparer.GetHashCode(key) : Spread(comparer.GetHashCode(key));

    /// <summary>The entry of a key, whether fresh or not; null if there is none.</summary>
    internal CacheEntry<TKey, TValue>? Find<TAlternate>(TAlternate key, IAlternateEqualityComparer<TAlternate, TKey> comparer)
        where TAlternate : allows ref struct
    {
        var hash = Hash(key, comparer);
        var table = Volatile.Read(ref _table);
        var entry = Search(Volatile.Read(ref table.Bucket(hash)), key, hash, comparer);
        if (entry is not null || Volatile.Read(ref table.Successor) is null)
        {
            return entry;
        }

        var wait = default(SpinWait);
        while (true)
        {
            var moves = Volatile.Read(ref _moves);
            table = Volatile.Read(ref _table);
            var next = Volatile.Read(ref table.Successor);
            entry = Search(Volatile.Read(ref table.Bucket(hash)), key, hash, comparer)
                ?? (next is null ? null : Search(Volatile.Read(ref next.Bucket(hash)), key, hash, comparer));
            if (entry is not null || ((moves & 1) == 0 && Volatile.Read(ref _moves) == moves))
            {
                return entry;
            }

            wait.SpinOnce();
        }
    }

    private static CacheEntry<TKey, TValue>? Search<TAlternate>(
        CacheEntry<TKey, TValue>? entry, TAlternate key, uint hash, IAlternateEqualityComparer<TAlternate, TKey> comparer)
        where TAlternate : allows ref struct
    {
        while (entry is not null && !(entry.Hash == hash && comparer.Equals(key, entry.Key)))
        {
            entry = Volatile.Read(ref entry.Next);
        }

        return entry;
    }
}
