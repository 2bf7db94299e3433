namespace Resilience;

/// <summary>
/// The depth of resumed calls on this thread. A call that is resumed while another is being carried on goes through the thread pool, so
/// that however many calls wait for one another, no stack grows with their number.
/// </summary>
internal static class PendingCall
{
    [ThreadStatic]
    private static int s_depth;

    [ThreadStatic]
    private static HedgeAttempt? s_ended;

    internal static bool IsCarryingOn => s_depth != 0;

    internal static void Enter() => s_depth++;

    internal static void Exit() => s_depth--;

    /// <summary>Keeps an attempt that has ended until <see cref="TakeEnded"/>, on the same thread.</summary>
    internal static void SetEnded(HedgeAttempt attempt) => s_ended = attempt;

    /// <summary>The attempt that has just ended on this thread, if any: its race may resume the call around it, which must not nest.</summary>
    internal static HedgeAttempt? TakeEnded()
    {
        var ended = s_ended;
        if (ended is not null)
        {
            s_ended = null;
        }

        return ended;
    }
}
