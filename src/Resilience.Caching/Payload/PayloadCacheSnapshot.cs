namespace Resilience.Caching;

/// <summary>What a <see cref="PayloadCache"/> holds and has counted up to a moment. Counts of calls under way may be missing.</summary>
public sealed record PayloadCacheSnapshot : CacheSnapshot
{
    /// <summary>How many entries are compressed.</summary>
    public long Compressed { get; init; }

    /// <summary>The bytes of the payloads held, uncompressed.</summary>
    public long PayloadBytes { get; init; }

    /// <summary>Of the hits, those on a compressed payload.</summary>
    public long Inflated { get; init; }

    /// <summary>Compressed payloads that were found damaged, removed and answered as misses.</summary>
    public long Corrupt { get; init; }

    /// <summary>Payloads that were compressed.</summary>
    public long Compressions { get; init; }

    /// <summary>Those among <see cref="Compressions"/> that had been compressed before.</summary>
    public long Recompressions { get; init; }

    /// <summary>Payloads that became raw again.</summary>
    public long Promotions { get; init; }

    /// <summary>Payloads that compression made too little smaller.</summary>
    public long Incompressible { get; init; }

    /// <summary>How often the queue was full, so that a payload stayed as it was.</summary>
    public long Overflowed { get; init; }

    /// <summary>How many pieces of work wait in the background or are under way there; at zero all is done.</summary>
    public int Waiting { get; init; }

    /// <summary>The share of the entries that are compressed, from 0 to 1; NaN if there are none.</summary>
    public double CompressedShare => Math.Min(1, (double)Compressed / Entries);

    /// <summary>What was counted since an earlier snapshot; what is held, and the windows, stay those of this one.</summary>
    /// <param name="earlier">The earlier snapshot of the same cache.</param>
    public PayloadCacheSnapshot Since(PayloadCacheSnapshot earlier) => (PayloadCacheSnapshot)base.Since(earlier) with
    {
        Inflated = Inflated - earlier.Inflated,
        Corrupt = Corrupt - earlier.Corrupt,
        Compressions = Compressions - earlier.Compressions,
        Recompressions = Recompressions - earlier.Recompressions,
        Promotions = Promotions - earlier.Promotions,
        Incompressible = Incompressible - earlier.Incompressible,
        Overflowed = Overflowed - earlier.Overflowed,
    };
}
