using System.Runtime.CompilerServices;

namespace Resilience.Caching;

/// <summary>What bounds, expiry and eviction know of an entry, whatever its key and value.</summary>
internal abstract class CacheNode
{
    internal const long Never = long.MaxValue;
    private const int Gone = 1;
    private const int OnePin = 2;

    // Links of the policy's queue; when the entry has left, After chains those that one operation removed. Guarded by the core's gate.
    internal CacheNode? Before;
    internal CacheNode? After;

    // A moment of the cache's clock. Slid by hits, through compare-exchange.
    internal long FreshUntil = Never;

    // Null for most. Set before the entry is published, or by density under the gate.
    internal CacheTerms? Terms;
    internal long Size;
    internal uint Hash;

    // The policy's: saturating count and, adaptive, the generation of the last hit. Written by hits without a lock; a lost update costs one
    // count of one entry.
    internal ushort Marks;

    // Where the policy keeps it. Guarded by the gate.
    internal byte Place;
    internal byte Bucket;
    internal RemovalReason Reason;
    internal bool IsLinked;
    private int _pins;

    /// <summary>Whether somebody uses its value under a lease.</summary>
    internal bool IsPinned => Volatile.Read(ref _pins) >= OnePin;

    /// <summary>Whether it has left or is about to.</summary>
    internal bool IsLeaving => (Volatile.Read(ref _pins) & Gone) != 0;

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

    /// <summary>Keeps the value from being released; false if the entry is leaving.</summary>
    internal bool TryPin<TI>()
        where TI : struct, IInterleaving
    {
        while (true)
        {
            TI.Point(1);
            var pins = Volatile.Read(ref _pins);
            if ((pins & Gone) != 0)
            {
                return false;
            }

            TI.Point(2);
            if (Interlocked.CompareExchange(ref _pins, pins + OnePin, pins) == pins)
            {
                return true;
            }
        }
    }

    /// <summary>Lets go of the value; true if the entry has left and this was its last pin, so that the caller must release it.</summary>
    internal bool Unpin<TI>()
        where TI : struct, IInterleaving
    {
        TI.Point(3);
        return Interlocked.Add(ref _pins, -OnePin) == Gone;
    }

    /// <summary>Admits no further pins; true if there is none, so that the caller must release the value.</summary>
    internal bool Leave<TI>()
        where TI : struct, IInterleaving
    {
        TI.Point(4);
        return Interlocked.Or(ref _pins, Gone) == 0;
    }

    /// <summary>Expires when <paramref name="other"/> does.</summary>
    internal void TakeTimes(CacheNode other)
    {
        FreshUntil = Volatile.Read(ref other.FreshUntil);
        if (other.Terms is { } terms)
        {
            Terms = new CacheTerms
            {
                AbsoluteUntil = terms.AbsoluteUntil,
                Sliding = terms.Sliding,
                StaleFor = terms.StaleFor,
                RefreshAt = Volatile.Read(ref terms.RefreshAt),
                Cost = terms.Cost,
            };
        }
    }

    /// <summary>Whether it is fresh; a hit on a sliding entry prolongs it, at most once in 1/64 of its span.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsFresh(Clock clock)
    {
        var until = Volatile.Read(ref FreshUntil);
        return until == Never || IsFreshAt(clock.Coarse, until);
    }

    /// <summary>Whether it is fresh, without a hit.</summary>
    internal bool IsFreshNow(Clock clock) => Volatile.Read(ref FreshUntil) is var until && (until == Never || clock.Coarse < until);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsFreshAt(long now, long until)
    {
        if (now >= until)
        {
            return false;
        }

        if (Terms is { Sliding: not 0 } terms)
        {
            Slide(terms, now, until);
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
