namespace Resilience.Caching;

/// <summary>How a <see cref="ResilientCache{TKey, TValue}"/> is made. Checked once, when it is.</summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TValue">The value.</typeparam>
public sealed record ResilientCacheOptions<TKey, TValue>
    where TKey : notnull
{
    /// <summary>The greatest <see cref="MaxEntries"/>: 8,388,607.</summary>
    public const int MostEntries = (int)CacheBounds<Production>.MostEntries;

    /// <summary>The greatest <see cref="MaxBytes"/>: a byte less than 1 TiB.</summary>
    public const long MostBytes = CacheBounds<Production>.MostBytes;

    /// <summary>The name, for metrics.</summary>
    public string? Name { get; init; }

    /// <summary>The most entries: from 1 to <see cref="MostEntries"/>.</summary>
    public int MaxEntries { get; init; } = 10_000;

    /// <summary>The most bytes, as <see cref="SizeOf"/> tells them: from 1 to <see cref="MostBytes"/>. Null: entries only are bounded.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>How many bytes an entry takes, never negative; asked once an entry, with nothing locked. Needed for <see cref="MaxBytes"/>.</summary>
    public Func<TKey, TValue, long>? SizeOf { get; init; }

    /// <summary>Which entry a full cache gives up.</summary>
    public CacheEviction Eviction { get; init; }

    /// <summary>How long entries live that are set without options of their own.</summary>
    public CacheEntryOptions Entry { get; init; } = new();

    /// <summary>Kinds of entries, by name, with their options: results that last, that change, that say "not found".</summary>
    public IReadOnlyDictionary<string, CacheEntryOptions>? Kinds { get; init; }

    /// <summary>
    /// Of which of the <see cref="Kinds"/> an entry is that is set without options of its own; null or a name that is none of them: as
    /// <see cref="Entry"/> says. Asked with nothing locked.
    /// </summary>
    public Func<TKey, TValue, string?>? KindOf { get; init; }

    /// <summary>How values are created that are not there.</summary>
    public CacheCreation Creation { get; init; } = new();

    /// <summary>How keys compare; null: as they do themselves, strings ordinally.</summary>
    public IEqualityComparer<TKey>? Comparer { get; init; }

    /// <summary>For how many entries the table is made; it grows with them, a little in each write. From 0 to <see cref="MostEntries"/>.</summary>
    public int InitialCapacity { get; init; } = 1024;

    /// <summary>
    /// Whether a value that leaves the cache is disposed, as soon as no lease holds it; see
    /// <see cref="ResilientCache{TKey, TValue}.TryRent"/>. An entry owns its value: one that is set twice, or under two keys, is disposed with the
    /// first of its entries that leaves.
    /// </summary>
    public bool DisposeValues { get; init; }

    /// <summary>
    /// Told of each entry that has left and is no longer under a lease, with nothing locked; what it throws is raised as an unobserved
    /// exception.
    /// </summary>
    public Action<TKey, TValue, RemovalReason>? OnRemoved { get; init; }

    /// <summary>
    /// Whether the durations of gets and sets are recorded, of each thread's at most one in 64; see
    /// <see cref="ResilientCache{TKey, TValue}.GetLatency"/>.
    /// </summary>
    public bool MeasuresLatency { get; init; }

    /// <summary>Where time comes from. The system's is read in steps of some milliseconds.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Decides which keys the adaptive eviction takes samples of, to repeat a run; null: drawn at random.</summary>
    public uint? Seed { get; init; }

    internal void Validate()
    {
        Check(TimeProvider is not null, nameof(TimeProvider), "null: a time provider is needed");
        Check(MaxEntries is >= 1 and <= MostEntries, nameof(MaxEntries), $"{MaxEntries}: from 1 to {MostEntries}");
        Check(MaxBytes is null or (>= 1 and <= MostBytes), nameof(MaxBytes), $"{MaxBytes}: from 1 to {MostBytes}, or null");
        Check(MaxBytes is null || SizeOf is not null, nameof(MaxBytes), $"{MaxBytes}, but {nameof(SizeOf)} is null: bytes cannot be counted");
        Check(InitialCapacity is >= 0 and <= MostEntries, nameof(InitialCapacity), $"{InitialCapacity}: from 0 to {MostEntries}");
        Check(Enum.IsDefined(Eviction), nameof(Eviction), $"{Eviction}: none of the evictions there are");
        Check(
            Eviction != CacheEviction.Density || MaxBytes is not null, nameof(Eviction),
            $"{Eviction}, but {nameof(MaxBytes)} is null: there are no bytes to be worth");
        Check(Entry is not null, nameof(Entry), "null: options are needed");
        Check(KindOf is null || Kinds is not null, nameof(KindOf), $"set, but {nameof(Kinds)} is null");
        Check(Creation is not null, nameof(Creation), "null: options are needed");
        Creation!.Validate(nameof(Creation));
        Entry!.Validate(nameof(Entry));
        foreach (var (name, kind) in Kinds ?? new Dictionary<string, CacheEntryOptions>())
        {
            Check(kind is not null, nameof(Kinds), $"without options for '{name}'");
            kind!.Validate($"{nameof(Kinds)}[{name}]");
        }
    }

    internal CoreSettings<TKey> ToCore() => new()
    {
        MaxEntries = MaxEntries,
        MaxBytes = MaxBytes ?? MostBytes,
        InitialCapacity = InitialCapacity,
        Eviction = Eviction,
        Comparer = Comparer,
        Clock = Clock.For(TimeProvider),
        Seed = Seed,
    };

    private static void Check(bool holds, string option, string message)
    {
        if (!holds)
        {
            throw new ArgumentException($"{option} is {message}.", option);
        }
    }
}
