namespace Resilience;

/// <summary>
/// The depth of resumed calls on this thread. A call that is resumed while another is being carried on goes through the thread pool, so
/// that however many calls wait for one another, no stack grows with their number.
/// </summary>
internal static class PendingCall
{
    [ThreadStatic]
    private static int t_depth;

    internal static bool IsCarryingOn => t_depth != 0;

    internal static void Enter() => t_depth++;

    internal static void Exit() => t_depth--;
}
