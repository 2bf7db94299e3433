using System.Runtime.InteropServices;

namespace Resilience;

/// <summary>
/// A coarse reading of the time that many threads share, and what its keeper needs. Below <see cref="Unknown"/> the word is a reading; from there
/// on it says that nobody has read since the refresh of that number, and <see cref="Stopped"/> that nothing refreshes it.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 192)]
internal struct TickWord
{
    internal const long Unknown = 1L << 62;
    internal const long Stopped = long.MaxValue;

    /// <summary>Shares its line with nothing: it is read by every success.</summary>
    [FieldOffset(64)]
    public long Value;

    /// <summary>Whether somebody keeps it fresh; taken by compare-exchange.</summary>
    [FieldOffset(128)]
    public int Running;

    /// <summary>The keeper's own: refreshes since somebody read.</summary>
    [FieldOffset(132)]
    public int Unused;

    /// <summary>The keeper's own: the number of the last refresh. Never starts again, so that a number names one refresh.</summary>
    [FieldOffset(136)]
    public long Refresh;

    /// <summary>While stopped: readings in a row of the same step of the clock, and that step. Races lose a count or wake early.</summary>
    [FieldOffset(144)]
    public int Reads;

    /// <inheritdoc cref="Reads"/>
    [FieldOffset(152)]
    public long LastRead;
}
