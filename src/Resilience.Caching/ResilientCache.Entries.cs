using System.Diagnostics.CodeAnalysis;

namespace Resilience.Caching;

/// <content>How an entry is made, and found by a key of another form.</content>
public sealed partial class ResilientCache<TKey, TValue>
{
    internal bool TryGet<TAlternate>(
        TAlternate key, IAlternateEqualityComparer<TAlternate, TKey> comparer, [MaybeNullWhen(false)] out TValue value)
        where TAlternate : allows ref struct
    {
        var entry = _core.Find(key, comparer);
        if (entry is not null && entry.IsFresh(_core.Clock))
        {
            _core.Touch(entry);
            _counters.Increment(CacheColumn.Hits);
            value = entry.Value;
            return true;
        }

        return Miss(entry, out value);
    }

    internal bool Remove<TAlternate>(TAlternate key, IAlternateEqualityComparer<TAlternate, TKey> comparer)
        where TAlternate : allows ref struct
    {
        while (_core.Find(key, comparer) is { } entry)
        {
            if (_core.Remove(entry, RemovalReason.Removed))
            {
                return true;
            }
        }

        return false;
    }

    private CacheEntry<TKey, TValue> Make(TKey key, TValue value, CacheEntryOptions? given)
    {
        given?.Validate(nameof(given));
        var options = given ?? OptionsOf(key, value);
        var entry = new CacheEntry<TKey, TValue>(key, value, _core.Hash(key));
        if (Options.SizeOf is { } sizer)
        {
            entry.Size = Checked(sizer(key, value));
        }

        options.ApplyTo(entry, _core.Clock.Coarse);
        return entry;
    }

    private static long Checked(long size) => size >= 0
        ? size
        : throw new ArgumentException($"{nameof(Options.SizeOf)} answered {size}: a size is never negative.");

    private CacheEntryOptions OptionsOf(TKey key, TValue value) =>
        Options.KindOf?.Invoke(key, value) is { } kind && Options.Kinds!.TryGetValue(kind, out var options) ? options : Options.Entry;
}
