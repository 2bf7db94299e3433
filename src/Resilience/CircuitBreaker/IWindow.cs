namespace Resilience;

/// <summary>
/// Recent outcomes in fixed memory. A mutable struct, held in the phase that it belongs to and never cleared: a new phase has a new one.
/// </summary>
internal interface IWindow
{
    /// <summary>Whether recording takes a reading of the clock.</summary>
    static abstract bool IsTimed { get; }

    /// <summary>
    /// The first value of the window's word. Of a count window it is <see cref="Reporter.Word"/>, where zero is reserved for "a clean success would
    /// change nothing"; of a time window it is <see cref="Phase.FreeUntil"/>.
    /// </summary>
    long FirstWord { get; }

    /// <summary>The word of a count window that is full but for one outcome, none failed or slow: not zero.</summary>
    long OneMissing { get; }

    /// <summary>Takes in one outcome.</summary>
    /// <param name="word">The window's word.</param>
    /// <param name="failed">Whether the call failed.</param>
    /// <param name="slow">Whether the call was slow.</param>
    /// <param name="now">The coarse time, where <see cref="IsTimed"/>.</param>
    /// <param name="tally">What the update returned, to decide from.</param>
    /// <returns>Whether there is something to decide.</returns>
    bool Record(ref long word, bool failed, bool slow, long now, out Tally tally);

    /// <summary>What the window holds, and how much time that covers where the window knows.</summary>
    Tally Read(ref long word, long now, out long covered);

    /// <summary>Writes the outcomes of a count window, oldest first, as (slow, failed) pairs of bits.</summary>
    /// <returns>How many; a time window has none.</returns>
    int Export(ref long word, Span<byte> outcomes);

    /// <summary>Takes over what another time window holds; between other kinds, nothing.</summary>
    void Inherit(IWindow old, long now);
}
