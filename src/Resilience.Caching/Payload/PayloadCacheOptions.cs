namespace Resilience.Caching;

/// <summary>How a <see cref="PayloadCache"/> is made. Checked once, when it is.</summary>
public sealed record PayloadCacheOptions
{
    /// <summary>The greatest <see cref="MaxEntries"/>: 8,388,607.</summary>
    public const int MostEntries = (int)CacheBounds<Production>.MostEntries;

    /// <summary>The greatest <see cref="MaxBytes"/>: a byte less than 1 TiB.</summary>
    public const long MostBytes = CacheBounds<Production>.MostBytes;

    /// <summary>The name, for metrics.</summary>
    public string? Name { get; init; }

    /// <summary>The most bytes of payloads as they are stored, raw or compressed: from 1 to <see cref="MostBytes"/>.</summary>
    public long MaxBytes { get; init; } = 64L << 20;

    /// <summary>The most entries: from 1 to <see cref="MostEntries"/>.</summary>
    public int MaxEntries { get; init; } = 1_000_000;

    /// <summary>For how many entries the table is made; it grows with them, a little in each write. From 0 to <see cref="MostEntries"/>.</summary>
    public int InitialCapacity { get; init; } = 1024;

    /// <summary>Which entry a full cache gives up.</summary>
    public CacheEviction Eviction { get; init; }

    /// <summary>How long entries live that are set without options of their own.</summary>
    public CacheEntryOptions Entry { get; init; } = new();

    /// <summary>How payloads are created that are not there.</summary>
    public CacheCreation Creation { get; init; } = new();

    /// <summary>
    /// The share of <see cref="MaxBytes"/> that is not hot: what leaves the hot rest is compressed, in the background. From 0, which
    /// compresses nothing, to 1, which compresses at once when a payload is set.
    /// </summary>
    public double ColdShare { get; init; } = 0.5;

    /// <summary>Tiers, levels and limits of compression.</summary>
    public CompressionOptions Compression { get; init; } = new();

    /// <summary>Payloads longer than this are never compressed on the caller's thread, not even at a <see cref="ColdShare"/> of 1; in bytes, from 0.</summary>
    public int BackgroundAbove { get; init; } = 10 * 1024;

    /// <summary>How many payloads may wait to be compressed; when they are so many, others stay raw. From 1 to 1,048,576.</summary>
    public int QueueCapacity { get; init; } = 1024;

    /// <summary>
    /// Whether a key's payload may be compressed; null: all may. Say no to secrets that lie beside text which others choose: the compressed length
    /// tells of both. Asked with nothing locked.
    /// </summary>
    public Func<string, bool>? MayCompress { get; init; }

    /// <summary>
    /// Whether the durations of gets and sets are recorded, of each thread's at most one in 64; see <see cref="PayloadCache.GetLatency"/>.
    /// </summary>
    public bool MeasuresLatency { get; init; }

    /// <summary>Where time comes from. The wall clock is read only for an absolute expiration that is given as a date.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Decides what is drawn at random, to repeat a run; null: drawn itself.</summary>
    public uint? Seed { get; init; }

    private const int MostWaiting = 1 << 20;

    internal PayloadCacheOptions Validated()
    {
        Check(MaxBytes is >= 1 and <= MostBytes, nameof(MaxBytes), $"{MaxBytes}: from 1 to {MostBytes}");
        Check(MaxEntries is >= 1 and <= MostEntries, nameof(MaxEntries), $"{MaxEntries}: from 1 to {MostEntries}");
        Check(InitialCapacity is >= 0 and <= MostEntries, nameof(InitialCapacity), $"{InitialCapacity}: from 0 to {MostEntries}");
        Check(Enum.IsDefined(Eviction), nameof(Eviction), $"{Eviction}: none of the evictions there are");
        Check(ColdShare is >= 0 and <= 1, nameof(ColdShare), FormattableString.Invariant($"{ColdShare}: from 0 to 1"));
        Check(BackgroundAbove >= 0, nameof(BackgroundAbove), $"{BackgroundAbove}: at least 0");
        Check(QueueCapacity is >= 1 and <= MostWaiting, nameof(QueueCapacity), $"{QueueCapacity}: from 1 to {MostWaiting}");
        Check(Entry is not null, nameof(Entry), "null: options are needed");
        Check(Creation is not null, nameof(Creation), "null: options are needed");
        Check(Compression is not null, nameof(Compression), "null: options are needed");
        Check(TimeProvider is not null, nameof(TimeProvider), "null: a time provider is needed");
        Entry!.Validate(nameof(Entry));
        Creation!.Validate(nameof(Creation));
        return this;
    }

    internal CoreSettings<string> ToCore() => new()
    {
        MaxEntries = MaxEntries,
        MaxBytes = MaxBytes,
        InitialCapacity = InitialCapacity,
        Eviction = Eviction,
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
