using System.Runtime.CompilerServices;

namespace Resilience.Caching;

/// <summary>What bounds, expiry and eviction know of an entry, whatever its key and value.</summary>
internal abstract class CacheNode : NodeBookkeeping
{
    internal const long Never = long.MaxValue;

    // A second: a hundred refreshes of the reading that hits share.
    internal const long Far = TimeSpan.TicksPerSecond;

    // A moment of the cache's clock. Slid by hits, through compare-exchange.
    internal long FreshUntil = Never;

    internal uint Hash;

    // The policy's: saturating count and, adaptive, the generation of the last hit. Written by hits without a lock; a lost update costs one
    // count of one entry.
    internal ushort Marks;

    // Whether its terms let hits prolong it, or have it created anew; set with them.
    internal bool Slides;
    internal bool Refreshes;

    /// <summary>From when on it is of no use, not even stale.</summary>
    internal long DeadAt
    {
        get
        {
            var fresh = Volatile.Read(ref FreshUntil);
            var stale = Terms?.StaleFor ?? 0;
            return fresh >= Never - stale ? Never : fresh + stale;
        }
    }

    /// <summary>Expires when <paramref name="other"/> does.</summary>
    internal void TakeTimes(CacheNode other)
    {
        FreshUntil = Volatile.Read(ref other.FreshUntil);
        if (other.Terms is { } terms)
        {
            Set(new CacheTerms
            {
                AbsoluteUntil = terms.AbsoluteUntil,
                Sliding = terms.Sliding,
                StaleFor = terms.StaleFor,
                RefreshAt = Volatile.Read(ref terms.RefreshAt),
                Cost = terms.Cost,
            });
        }
    }

    internal void Set(CacheTerms terms)
    {
        Terms = terms;
        Slides = terms.Sliding != 0;
        Refreshes = terms.RefreshAt != Never;
    }

    /// <summary>Whether it is fresh; a hit on a sliding entry prolongs it, at most once in 1/64 of its span.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsFresh(Clock clock)
    {
        var until = Volatile.Read(ref FreshUntil);
        return until == Never || IsFreshAt(clock.Coarse, until);
    }

    /// <summary>
    /// The same for a clock that is the system's, at the price of a load for entries far from their end: the tick count is the process's latest
    /// reading, and only an entry that is nearer to its end than any such reading is likely to lag reads it itself.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsFreshBySystem()
    {
        // No known reading is more than any end, which the difference keeps from overflowing.
        var until = Volatile.Read(ref FreshUntil);
        return (until - Far > CoarseTick.Known && !Slides) || IsFreshExactly(until);
    }

    /// <summary>Whether it is fresh, without a hit.</summary>
    internal bool IsFreshNow(Clock clock) => Volatile.Read(ref FreshUntil) is var until && (until == Never || clock.Coarse < until);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsFreshExactly(long until) => until == Never || IsFreshAt(CoarseTick.Exact, until);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsFreshAt(long now, long until)
    {
        if (now >= until)
        {
            return false;
        }

        if (Slides)
        {
            Slide(Terms!, now, until);
        }

        return true;
    }

    private void Slide(CacheTerms terms, long now, long until)
    {
        var next = Math.Min(now + terms.Sliding, terms.AbsoluteUntil);
        if (next - until > terms.Sliding >> 6)
        {
            // Whoever loses was overtaken by another hit at about the same time.
            Interlocked.CompareExchange(ref FreshUntil, next, until);
        }
    }
}
