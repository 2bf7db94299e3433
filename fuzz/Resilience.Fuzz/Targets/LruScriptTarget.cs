using Resilience.Caching;

namespace Resilience.Fuzz.Targets;

/// <summary>
/// A script for a cache with strict LRU, two bounds and values that are their own size, beside <see cref="LruScriptModel"/>. Three bytes an
/// operation: what, key, size.
/// </summary>
public static class LruScriptTarget
{
    internal const int Entries = 6;
    internal const int Bytes = 100;
    private const int Keys = 12;

    /// <summary>The target and its language.</summary>
    public static FuzzTarget Create() => new("cache-lru", Run, Seeds(), [[0, 1, 10], [1, 1, 0], [0, 1, 101], [4, 3, 30], [5, 0, 0]]);

    /// <summary>Checks the product.</summary>
    /// <param name="input">The bytes.</param>
    public static void Run(ReadOnlySpan<byte> input) => Check(CacheEviction.LeastRecentlyUsed, input);

    /// <summary>Checks an eviction, such as one that is not LRU.</summary>
    /// <param name="eviction">The eviction.</param>
    /// <param name="input">The bytes.</param>
    public static void Check(CacheEviction eviction, ReadOnlySpan<byte> input)
    {
        using var cache = new ResilientCache<int, int>(new ResilientCacheOptions<int, int>
        {
            MaxEntries = Entries,
            MaxBytes = Bytes,
            SizeOf = (_, value) => value,
            Eviction = eviction,
            InitialCapacity = 2,
        });
        var model = new LruScriptModel(Entries, Bytes);
        var facts = 0;
        for (var at = 0; at + 3 <= input.Length; at += 3)
        {
            var what = input[at] % 7;
            var result = Step(cache, model, what, input[at + 1] % Keys, input[at + 2]);
            facts |= 1 << ((2 * what) + (result ? 1 : 0));
            Compare(cache, model, at / 3);
        }

        Behaviour.Note(System.Numerics.BitOperations.PopCount((uint)facts));
        Behaviour.Note(Math.Min(3, model.Trimmed));
    }

    private static bool Step(ResilientCache<int, int> cache, LruScriptModel model, int what, int key, int size)
    {
        switch (what)
        {
            case 0 or 1:
                return Same("Set", cache.Set(key, size), model.Set(key, size));
            case 2:
                return Same("TryGet", cache.TryGet(key, out var value) ? value : -1, model.Get(key)) >= 0;
            case 3:
                return Same("Remove", cache.Remove(key), model.Remove(key));
            case 4:
                cache.Resize((key % Entries) + 1, Math.Max(1, size % Bytes));
                model.Resize((key % Entries) + 1, Math.Max(1, size % Bytes));
                return true;
            case 5 when key == 0:
                cache.Clear();
                model.Clear();
                return true;
            default:
                return Same("Contains", cache.Contains(key), model.Contains(key));
        }
    }

    private static void Compare(ResilientCache<int, int> cache, LruScriptModel model, int step)
    {
        Same($"Count after {step}", cache.Count, model.Count);
        Same($"Bytes after {step}", cache.Bytes, model.Bytes);
        var ours = string.Join(' ', cache.OrderBy(e => e.Key).Select(e => $"{e.Key}={e.Value}"));
        Same($"Content after {step}", ours, model.Content);
    }

    private static T Same<T>(string what, T ours, T models)
    {
        if (!EqualityComparer<T>.Default.Equals(ours, models))
        {
            throw new FuzzFailure($"{what.Split(' ')[0]} differs: {what}: {ours}, the model says {models}.");
        }

        return ours;
    }

    private static byte[][] Seeds() =>
    [
        [],
        [0, 1, 10, 0, 2, 20, 2, 1, 0, 0, 3, 80, 2, 2, 0],
        [0, 1, 1, 0, 2, 1, 0, 3, 1, 0, 4, 1, 0, 5, 1, 0, 6, 1, 2, 1, 0, 0, 7, 1, 6, 2, 0],
        [0, 1, 100, 0, 1, 101, 0, 1, 50, 4, 0, 40, 3, 1, 0, 5, 0, 0],
    ];
}
