namespace Resilience.Caching;

/// <summary>What a <see cref="PayloadCache"/> holds and has done. Each figure is right by itself; together they may be of slightly different moments.</summary>
public readonly record struct PayloadCacheStatistics
{
    /// <summary>How many entries it holds.</summary>
    public int Entries { get; init; }

    /// <summary>How many of them are compressed; leased ones that have left among them.</summary>
    public long Compressed { get; init; }

    /// <summary>The bytes that it holds, leased ones of entries that have left among them.</summary>
    public long Bytes { get; init; }

    /// <summary>The bytes of the same payloads uncompressed.</summary>
    public long PayloadBytes { get; init; }

    /// <summary>Hits, inflating ones among them.</summary>
    public long Hits { get; init; }

    /// <summary>Hits on a compressed payload.</summary>
    public long Inflated { get; init; }

    /// <summary>Misses.</summary>
    public long Misses { get; init; }

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

    /// <summary>How many pieces of work wait in the background.</summary>
    public int Waiting { get; init; }
}
