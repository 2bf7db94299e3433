namespace Resilience.Tests.Timeouts;

/// <summary>An item that counts how often it fell due.</summary>
internal sealed class FiringItem<TI>(Sweeper<TI> sweeper) : DeadlineItem<TI>(sweeper)
    where TI : struct, IInterleaving
{
    // Written on the thread of the sweep, read by the owner of the item, who waits for it.
    private int _fired;

    public int Fired => Volatile.Read(ref _fired);

    /// <summary>Whether falling due ends the item, as it ends a source.</summary>
    public bool LeavesWhenDue { get; init; }

    public Action WhenDue { get; init; } = static () => { };

    protected internal override void OnDue()
    {
        if (LeavesWhenDue)
        {
            LeaveTable();
        }

        Interlocked.Increment(ref _fired);
        WhenDue();
    }
}
