namespace Resilience;

/// <summary>
/// Keeps a <see cref="TickWord"/>: each refresh forgets the reading, and the first who then reads the clock leaves what it read for the others. A
/// reading is left by compare-exchange for the refresh after which it was wanted: who stalls between reading and leaving it
/// leaves nothing old.
/// </summary>
internal static class TickKeeper<TI>
    where TI : struct, IInterleaving
{
    // A reader that would start the refreshes must have company: so many readings within one step of the clock.
    private const int ReadsToStart = 64;

    // The refreshes stop after so many in a row during which nobody read.
    private const int UnusedToStop = 100;

    /// <summary>Leaves a reading for others.</summary>
    /// <param name="word">The word.</param>
    /// <param name="seen">What it was before the clock was read: no reading.</param>
    /// <param name="now">What the clock says.</param>
    /// <returns>Whether the caller must see to it that <see cref="Refresh"/> is called soon.</returns>
    internal static bool Leave(ref TickWord word, long seen, long now)
    {
        if (seen != TickWord.Stopped)
        {
            TI.Point(120);
            Interlocked.CompareExchange(ref word.Value, now, seen);
            return false;
        }

        word.Reads = now == word.LastRead ? word.Reads + 1 : 0;
        word.LastRead = now;
        TI.Point(121);
        if (word.Reads < ReadsToStart || Interlocked.CompareExchange(ref word.Running, 1, 0) != 0)
        {
            return false;
        }

        word.Unused = 0;
        TI.Point(122);
        Volatile.Write(ref word.Value, TickWord.Unknown + ++word.Refresh);
        return true;
    }

    /// <summary>Replaces a reading by a later one.</summary>
    internal static void Renew(ref TickWord word, long now)
    {
        TI.Point(123);
        var seen = Volatile.Read(ref word.Value);
        if (seen < now)
        {
            TI.Point(124);
            Interlocked.CompareExchange(ref word.Value, now, seen);
        }
    }

    /// <summary>Forgets the reading. Called by one thread at a time.</summary>
    /// <returns>Whether to call again; if not, the word is stopped and the next to start it may already have.</returns>
    internal static bool Refresh(ref TickWord word)
    {
        TI.Point(125);
        word.Unused = Volatile.Read(ref word.Value) < TickWord.Unknown ? 0 : word.Unused + 1;
        TI.Point(126);
        if (word.Unused < UnusedToStop)
        {
            Volatile.Write(ref word.Value, TickWord.Unknown + ++word.Refresh);
            return true;
        }

        Volatile.Write(ref word.Value, TickWord.Stopped);
        TI.Point(127);
        Volatile.Write(ref word.Running, 0);
        return false;
    }
}
