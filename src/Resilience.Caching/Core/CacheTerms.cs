namespace Resilience.Caching;

/// <summary>What few entries need beside the end of their freshness: apart, so that what a hit reads of an entry lies together.</summary>
internal sealed class CacheTerms
{
    // What a sliding entry never outlives while fresh, by how much a hit slides it, and how long it may be served stale.
    internal long AbsoluteUntil = CacheNode.Never;
    internal long Sliding;
    internal long StaleFor;

    // From when on a hit has it created anew in the background.
    internal long RefreshAt = CacheNode.Never;

    // Where density has queued it, and what its creation cost in microseconds; 1 where it was not measured.
    internal double Rank;
    internal float Cost = 1;
}
