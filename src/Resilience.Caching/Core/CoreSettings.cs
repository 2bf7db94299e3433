namespace Resilience.Caching;

/// <summary>What a core is to be; checked by whoever makes one.</summary>
internal sealed record CoreSettings<TKey>
{
    internal long MaxEntries { get; init; } = CacheBounds<Production>.MostEntries;

    internal long MaxBytes { get; init; } = CacheBounds<Production>.MostBytes;

    internal int InitialCapacity { get; init; } = 1024;

    internal CacheEviction Eviction { get; init; }

    internal IEqualityComparer<TKey>? Comparer { get; init; }

    internal Clock Clock { get; init; } = Clock.System;

    /// <summary>Null: drawn at random.</summary>
    internal uint? Seed { get; init; }

    /// <summary>Makes another policy than <see cref="Eviction"/> names; for tests.</summary>
    internal Func<Lock, EvictionPolicy>? Policy { get; init; }
}
