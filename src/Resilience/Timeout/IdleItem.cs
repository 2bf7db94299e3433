namespace Resilience;

/// <summary>
/// One idle item a thread: renting it costs no interlocked operation. Its finaliser runs when the thread is gone and gives the item's place
/// in the sweeper's table back.
/// </summary>
/// <typeparam name="TItem">The type of the item.</typeparam>
internal sealed class IdleItem<TItem>
    where TItem : DeadlineItem<Production>
{
    internal TItem? Item;

    ~IdleItem() => Item?.LeaveTable();
}
