namespace Resilience;

/// <summary>A wait on the sweeper for a synchronous call: the thread blocks on an event that the sweeper sets.</summary>
internal sealed class BlockingDelay : DeadlineItem, IDisposable
{
    private readonly ManualResetEventSlim _due = new();
    private readonly long _word;

    private BlockingDelay(Clock clock, long ticks)
        : base(clock.Sweeper)
    {
        _word = clock.WordAfter(ticks);
        Arm(_word);
    }

    /// <summary>Blocks for at least <paramref name="ticks"/>, or until <paramref name="cancellationToken"/> is cancelled.</summary>
    internal static void Wait(Clock clock, long ticks, CancellationToken cancellationToken)
    {
        using var delay = new BlockingDelay(clock, ticks);
        try
        {
            delay._due.Wait(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop reads the caller's token next and says so itself.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (TryDisarm(_word))
        {
            LeaveTable();
        }

        // The event is not disposed: a claimed OnDue may still be on its way to set it.
    }

    /// <inheritdoc/>
    protected internal override void OnDue()
    {
        LeaveTable();
        _due.Set();
    }
}
