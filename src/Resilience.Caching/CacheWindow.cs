namespace Resilience.Caching;

/// <summary>Hits and misses of the end of time, a minute or an hour long.</summary>
/// <param name="Hits">Calls that found a fresh value.</param>
/// <param name="Misses">Calls that did not.</param>
/// <param name="Covers">
/// How far back it reaches: less than its length while the cache is young or after a pause, up to a twelfth more otherwise; more still if neither a
/// miss nor a reading came for as long, in which time all calls were hits.
/// </param>
public readonly record struct CacheWindow(long Hits, long Misses, TimeSpan Covers)
{
    /// <summary>The share of calls that found a fresh value, from 0 to 1; NaN if there were none.</summary>
    public double HitRatio => (double)Hits / (Hits + Misses);
}
