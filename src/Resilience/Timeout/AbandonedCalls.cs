namespace Resilience;

/// <summary>
/// Counts what abandoning timeouts left behind. One may serve many timeouts. Safe for concurrent use; figures are exact when nothing is
/// about to be given up, and one call too high while it is not decided yet whether it is.
/// </summary>
public sealed class AbandonedCalls
{
    private long _count;
    private long _ended;
    private long _succeeded;

    /// <summary>How many calls were given up while their callee went on.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>How many of them have ended since, and were observed: their result disposed, their exception taken.</summary>
    public long Ended => Interlocked.Read(ref _ended);

    /// <summary>How many of those had a result after all, which nobody got.</summary>
    public long Succeeded => Interlocked.Read(ref _succeeded);

    /// <summary>How many go on.</summary>
    public long Running
    {
        get
        {
            // In this order: what ends in between must not count below zero.
            var ended = Ended;
            return Count - ended;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Count} abandoned, {Running} running");

    internal void Begin() => Interlocked.Increment(ref _count);

    /// <summary>Takes back a <see cref="Begin"/> that lost its race.</summary>
    internal void Withdraw() => Interlocked.Decrement(ref _count);

    internal void End(bool succeeded)
    {
        if (succeeded)
        {
            Interlocked.Increment(ref _succeeded);
        }

        Interlocked.Increment(ref _ended);
    }
}
