using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// Leave to make one call, from a circuit breaker; report once how the call went. The first report empties the variable and later ones do
/// nothing, but a copy is a second permit: keep one. <c>default</c> takes every report and does nothing. 16 bytes, allocates nothing;
/// not safe for concurrent use.
/// </summary>
public struct Permit
{
    // Not readonly: a report empties it, so that a second one through the same variable does nothing.
    private Reporter? _reporter;

    // Closed: when the call started, if calls are timed, negative once it is no longer counted as in flight. Half-open: the lease's word. Refused: the wait.
    private long _stamp;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Permit(Reporter? reporter, long stamp)
    {
        _reporter = reporter;
        _stamp = stamp;
    }

    /// <summary>
    /// After a refusal, when to try again: zero when that may be any moment, <see cref="Timeout.InfiniteTimeSpan"/> when the breaker is
    /// isolated. Zero for a permit that was given.
    /// </summary>
    public readonly TimeSpan RetryAfter =>
        _reporter is not null ? TimeSpan.Zero : _stamp < 0 ? Timeout.InfiniteTimeSpan : new TimeSpan(_stamp);

    /// <summary>Whether the breaker refused because it is isolated.</summary>
    public readonly bool IsIsolated => _reporter is null && _stamp < 0;

    internal readonly Reporter? Reporter => _reporter;

    internal readonly long Stamp => _stamp;

    /// <summary>The call succeeded; it was slow if it took longer than the breaker allows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Success()
    {
        var reporter = _reporter;
        _reporter = null;
        if (reporter is null || (Volatile.Read(ref reporter.Word) == 0 && _stamp == 0))
        {
            return;
        }

        reporter.Report(_stamp, failed: false, Pace.Unknown, -1);
    }

    /// <summary>The call failed; it was slow if it took longer than the breaker allows.</summary>
    public void Failure() => Take()?.Report(_stamp, failed: true, Pace.Unknown, -1);

    /// <summary>The call succeeded and was slow, however long it took.</summary>
    public void SlowSuccess() => Take()?.Report(_stamp, failed: false, Pace.Slow, -1);

    /// <summary>The call failed and was slow, however long it took.</summary>
    public void SlowFailure() => Take()?.Report(_stamp, failed: true, Pace.Slow, -1);

    /// <summary>The call says nothing about the dependency: gives the permit back and counts nothing.</summary>
    public void Ignore() => Take()?.Ignore(_stamp);

    /// <summary>
    /// The call goes on, but is no longer counted among the slow ones in flight: for streams, once their head has arrived. It is still to be
    /// reported.
    /// </summary>
    public void LeaveInFlight() => _stamp = _reporter?.LeaveInFlight(_stamp) ?? _stamp;

    /// <summary>The report of a caller that has measured the call, or has no need to, and may hold a reading of the clock.</summary>
    /// <param name="health">What the outcome says.</param>
    /// <param name="slow">Whether the call was slow.</param>
    /// <param name="now">The coarse time, or negative where nobody has read it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Report(Health health, bool slow, long now)
    {
        var reporter = _reporter;
        _reporter = null;
        if (reporter is null || (health == Health.Good && !slow && Volatile.Read(ref reporter.Word) == 0))
        {
            return;
        }

        if (health == Health.None)
        {
            reporter.Ignore(_stamp);
            return;
        }

        reporter.Report(_stamp, health == Health.Bad, slow ? Pace.Slow : Pace.Brisk, now);
    }

    private Reporter? Take()
    {
        var reporter = _reporter;
        _reporter = null;
        return reporter;
    }
}
