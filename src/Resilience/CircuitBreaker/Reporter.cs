namespace Resilience;

/// <summary>What a permit reports to: the phase in which it was given or, half-open, the lease that it is.</summary>
internal abstract class Reporter
{
    /// <summary>Zero when a success that is not slow would change nothing. Shared: read without a fence, for a success that just misses a
    /// failure is ordered before it.</summary>
    internal long Word;

    /// <summary>Takes in an outcome.</summary>
    /// <param name="stamp">The permit's second half.</param>
    /// <param name="failed">Whether the call failed.</param>
    /// <param name="pace">Whether it was slow.</param>
    /// <param name="now">The coarse time, or negative where nobody has read it.</param>
    internal abstract void Report(long stamp, bool failed, Pace pace, long now);

    /// <summary>Takes the permit back without an outcome.</summary>
    internal abstract void Ignore(long stamp);

    /// <summary>Counts the call no longer among those under way.</summary>
    /// <returns>The permit's second half from here on.</returns>
    internal virtual long LeaveInFlight(long stamp) => stamp;
}
