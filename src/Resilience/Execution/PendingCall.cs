namespace Resilience;

/// <summary>
/// The depth of resumed calls on this thread. A call that is resumed while another is being carried on goes through the thread pool, so
/// that however many calls wait for one another, no stack grows with their number.
/// </summary>
internal static class PendingCall
{
    [ThreadStatic]
    private static int s_depth;

    internal static bool IsCarryingOn => s_depth != 0;

    internal static void Enter() => s_depth++;

    internal static void Exit() => s_depth--;
}
