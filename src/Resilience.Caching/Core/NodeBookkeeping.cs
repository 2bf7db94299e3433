namespace Resilience.Caching;

/// <summary>
/// What writes and leases know of an entry. The base of the entry, so that what a hit reads lies together behind it: an entry spans two lines, and
/// most hits touch one of them.
/// </summary>
internal abstract class NodeBookkeeping
{
    private const int Gone = 1;
    private const int OnePin = 2;

    // Links of the policy's queue; when the entry has left, After chains those that one operation removed. Guarded by the core's gate.
    internal CacheNode? Before;
    internal CacheNode? After;

    // Null for most. Set before the entry is published, or by density under the gate.
    internal CacheTerms? Terms;
    internal long Size;

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
}
