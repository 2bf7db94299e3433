namespace Resilience.Caching;

/// <summary>What a cache counts, a column each of its striped counter.</summary>
internal static class CacheColumn
{
    internal const int Hits = 0;
    internal const int Misses = 1;
    internal const int Stale = 2;
    internal const int Joins = 3;
    internal const int Created = 4;
    internal const int Failed = 5;
}
