namespace Resilience.Caching;

/// <summary>The durations of a sample of calls: after each one that is timed, a thread passes over 63 to 126 calls, drawn at random. Safe for concurrent use.</summary>
internal sealed class LatencySample
{
    internal const int LeastGap = 64;

    // Shared by all samples: the gap is drawn, so that calls which take turns do not always leave the same one out.
    [ThreadStatic]
    private static int s_left;

    private LatencySample(TimeProvider time) => Tracker = new PercentileTracker(new() { TimeProvider = time });

    internal PercentileTracker Tracker { get; }

    internal static LatencySample? If(bool measures, TimeProvider time) => measures ? new LatencySample(time) : null;

    /// <summary>Whether this call of the thread is to be timed. The next ones, those within this one among them, are not.</summary>
    internal static bool IsDue()
    {
        if (--s_left > 0)
        {
            return false;
        }

        var isDue = s_left == 0;
        s_left = LeastGap + (int)(RandomSource.PerThread.NextDouble() * LeastGap);
        return isDue;
    }
}
