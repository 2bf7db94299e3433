using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// The system's coarse time for the price of two loads, for what may lag a little: the slice of a window that a success falls into. A
/// timer refreshes it every <see cref="PeriodMilliseconds"/> while it is read, and stops when nobody has read it for that long; the first
/// read after that reads the clock itself.
/// </summary>
/// <remarks>
/// Safe for concurrent use; a read allocates nothing. Lags the tick count by one period, and by as much as a starved thread pool delays its
/// timers.
/// </remarks>
internal static class CoarseTick
{
    internal const int PeriodMilliseconds = 10;
    private static readonly ITimer s_timer = CreateTimer();

    // Zero while stopped. Written by the timer, and by the one reader who starts it.
    private static long s_now;

    // Set by readers, only when it is clear, so that they share the line; cleared by the timer.
    private static int s_asked;
    private static int s_refreshing;

    internal static long Now
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var now = Volatile.Read(ref s_now);
            if (now == 0)
            {
                return Start();
            }

            if (s_asked == 0)
            {
                s_asked = 1;
            }

            return now;
        }
    }

    internal static bool IsStopped => Volatile.Read(ref s_now) == 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Start()
    {
        var now = Clock.System.Coarse;
        Volatile.Write(ref s_asked, 1);
        if (Interlocked.CompareExchange(ref s_now, now, 0) == 0)
        {
            var period = TimeSpan.FromMilliseconds(PeriodMilliseconds);
            s_timer.Change(period, period);
        }

        return now;
    }

    private static void Refresh()
    {
        // Ticks of a delayed timer may overlap: one refreshes, so that none writes a time after another has stopped.
        if (Interlocked.Exchange(ref s_refreshing, 1) != 0)
        {
            return;
        }

        if (Interlocked.Exchange(ref s_asked, 0) != 0)
        {
            if (!IsStopped)
            {
                Volatile.Write(ref s_now, Clock.System.Coarse);
            }
        }
        else
        {
            // The timer first: whoever sees zero starts it again, and that must come last.
            s_timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Volatile.Write(ref s_now, 0);
        }

        Volatile.Write(ref s_refreshing, 0);
    }

    private static ITimer CreateTimer()
    {
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            return TimeProvider.System.CreateTimer(static _ => Refresh(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
