namespace Resilience;

/// <summary>A wait on the sweeper for a synchronous call: the thread blocks on an event that the sweeper sets.</summary>
internal sealed class BlockingDelay : DeadlineItem<Production>
{
    // Not disposed: a claimed OnDue may still be on its way to set it. Without a wait handle it holds nothing.
    private readonly ManualResetEventSlim _due = new();

    private BlockingDelay(Sweeper<Production> sweeper)
        : base(sweeper)
    {
    }

    /// <summary>Blocks until <paramref name="word"/>, or until <paramref name="cancellationToken"/> is cancelled.</summary>
    internal static void Wait(Clock clock, long word, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return;
        }

        var delay = new BlockingDelay(clock.Sweeper);
        delay.Arm(word);
        try
        {
            delay._due.Wait(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop reads the caller's token next and says so itself.
        }

        if (delay.TryDisarm(word))
        {
            delay.LeaveTable();
        }
    }

    /// <inheritdoc/>
    protected internal override void OnDue()
    {
        LeaveTable();
        _due.Set();
    }
}
