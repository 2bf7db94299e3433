namespace Resilience;

/// <summary>
/// One idle source a thread: renting it costs no interlocked operation. Its finaliser runs when the thread is gone and gives the source's
/// place in the sweeper's table back.
/// </summary>
internal sealed class DeadlineSourceCache
{
    internal DeadlineSource? Source;

    ~DeadlineSourceCache() => Source?.LeaveTable();
}
