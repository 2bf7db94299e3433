using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// The system's coarse time at the price of a load: one static reading that a timer forgets every 10 ms while somebody reads it often, and that
/// whoever then reads the clock first leaves for the others. Only for what may lag when the timers of the whole process do: it places
/// successes in slices of time, and refuses while a break is far from its end.
/// </summary>
internal static class CoarseTick
{
    private const int RefreshMilliseconds = 10;
    private static readonly ITimer s_timer = MakeTimer();

    // Not readonly: every reader and the timer share it.
    private static TickWord s_word = new() { Value = TickWord.Stopped };

    /// <summary>The reading at hand, or more than any reading.</summary>
    internal static long Known
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(ref s_word.Value);
    }

    /// <summary>The tick count, in ticks, at most a refresh old while timers run on time.</summary>
    internal static long Now
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var known = Known;
            return known < TickWord.Unknown ? known : Read(known);
        }
    }

    /// <summary>The tick count itself, in ticks, left for those who come after.</summary>
    internal static long Exact => Read(Known);

    /// <summary>Reads the clock for those who come after.</summary>
    internal static void Renew() => TickKeeper<Production>.Renew(ref s_word, Clock.System.Coarse);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Read(long known)
    {
        var now = Clock.System.Coarse;
        if (TickKeeper<Production>.Leave(ref s_word, known, now))
        {
            Schedule();
        }

        return now;
    }

    // One shot at a time, so that two refreshes never overlap.
    private static void Schedule() => s_timer.Change(TimeSpan.FromMilliseconds(RefreshMilliseconds), Timeout.InfiniteTimeSpan);

    private static ITimer MakeTimer()
    {
        // The timer lives for ever: it must not keep the flow of whoever happened to come first.
        var flows = !ExecutionContext.IsFlowSuppressed();
        var flow = flows ? ExecutionContext.SuppressFlow() : default;
        try
        {
            return TimeProvider.System.CreateTimer(
                static _ =>
                {
                    if (TickKeeper<Production>.Refresh(ref s_word))
                    {
                        Schedule();
                    }
                },
                null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            if (flows)
            {
                flow.Undo();
            }
        }
    }
}
