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

    /// <summary>
    /// Takes in that the call was cancelled because another one was faster: a slow success if it had become slow by then, else nothing. Who
    /// ignored it would never see a dependency that has stopped answering.
    /// </summary>
    /// <param name="stamp">The permit's second half.</param>
    /// <param name="now">The coarse time, or negative where nobody has read it.</param>
    internal virtual void ReportOutpaced(long stamp, long now) => Ignore(stamp);

    /// <summary>Counts the call no longer among those under way.</summary>
    /// <returns>The permit's second half from here on.</returns>
    internal virtual long LeaveInFlight(long stamp) => stamp;
}
