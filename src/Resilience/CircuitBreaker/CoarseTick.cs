using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// The system's coarse time at the price of a load: one static that a timer refreshes every 10 ms while somebody reads it often, and that is
/// empty otherwise, so that whoever reads it after a pause takes a reading of their own. Only for what may lag when the timers of the whole
/// process do: it places successes in slices of time, and decides nothing.
/// </summary>
internal static class CoarseTick
{
    private const int RefreshMilliseconds = 10;

    // A reader that would wake the timer must have company: so many reads within one step of the tick count.
    private const int ReadsToWake = 64;

    // The timer stops after so many refreshes during which nobody read.
    private const int UnusedToStop = 100;
    private static readonly ITimer s_timer = TimeProvider.System.CreateTimer(
        static _ => Refresh(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    // Zero while the timer is stopped. Shares its line with nothing that is written more than once a refresh.
    private static Line s_line;

    // Touched only while the timer is stopped, or by the timer.
    private static int s_running;
    private static int s_reads;
    private static int s_unused;
    private static long s_lastRead;

    /// <summary>The tick count, in ticks, at most a refresh old while timers run on time.</summary>
    internal static long Now
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var now = Volatile.Read(ref s_line.Now);
            return now != 0 && s_line.Used ? now : Use();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Use()
    {
        var now = Clock.System.Coarse;
        if (Volatile.Read(ref s_line.Now) != 0)
        {
            s_line.Used = true;
            return now;
        }

        // Races here lose a count or wake one read early.
        s_reads = now == s_lastRead ? s_reads + 1 : 0;
        s_lastRead = now;
        if (s_reads >= ReadsToWake && Interlocked.CompareExchange(ref s_running, 1, 0) == 0)
        {
            s_unused = 0;
            s_line.Used = true;
            Volatile.Write(ref s_line.Now, now);
            Schedule();
        }

        return now;
    }

    // One shot at a time, so that two refreshes never overlap.
    private static void Refresh()
    {
        s_unused = s_line.Used ? 0 : s_unused + 1;
        s_line.Used = false;
        if (s_unused < UnusedToStop)
        {
            Volatile.Write(ref s_line.Now, Clock.System.Coarse);
            Schedule();
            return;
        }

        Volatile.Write(ref s_line.Now, 0);
        Volatile.Write(ref s_running, 0);
    }

    private static void Schedule() => s_timer.Change(TimeSpan.FromMilliseconds(RefreshMilliseconds), Timeout.InfiniteTimeSpan);

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 192)]
    private struct Line
    {
        [System.Runtime.InteropServices.FieldOffset(64)]
        public long Now;

        // Set by the first reader after a refresh, cleared by the refresh.
        [System.Runtime.InteropServices.FieldOffset(72)]
        public bool Used;
    }
}
