namespace Resilience.Caching;

/// <summary>How many wait for something, one at first. When the last has left it is closed, and nobody comes in any more.</summary>
internal struct WaitCount<TI>
    where TI : struct, IInterleaving
{
    private const int Closed = -1;

    // Mutable: counted in place, by compare-exchange only. Kept less one, so that the default is one who waits.
    private int _others;

    /// <summary>Counts somebody in; false if it is closed.</summary>
    internal bool TryJoin()
    {
        while (true)
        {
            TI.Point(60);
            var others = Volatile.Read(ref _others);
            if (others == Closed)
            {
                return false;
            }

            TI.Point(61);
            if (Interlocked.CompareExchange(ref _others, others + 1, others) == others)
            {
                return true;
            }
        }
    }

    /// <summary>Counts somebody out; true if that was the last, so that it is closed now.</summary>
    internal bool Leave()
    {
        TI.Point(62);
        return Interlocked.Decrement(ref _others) == Closed;
    }
}
