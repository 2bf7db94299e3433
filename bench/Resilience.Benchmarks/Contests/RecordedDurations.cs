namespace Resilience.Benchmarks;

/// <summary>A duration recorded in a tracker, beside an interlocked increment of one word.</summary>
/// <typeparam name="TRow">The row's mark; see <see cref="Input{TRow}"/>.</typeparam>
internal sealed class RecordedDurations<TRow>(PercentileTracker tracker, bool readsClock = false) : Contest
    where TRow : struct
{
    private readonly LatencyStamp _now = tracker.Start();
    private readonly long[] _durations = Durations.Ticks;
    private long _count;

    /// <inheritdoc/>
    public override long Ours(int calls) => readsClock ? ReadingTheClock(calls) : AtTheTimeGiven(calls);

    /// <inheritdoc/>
    public override long Peer(int calls)
    {
        var sum = 0L;
        var durations = _durations;
        for (var i = 0; i < calls; i++)
        {
            sum += durations[i & (Durations.Count - 1)];
            Interlocked.Increment(ref _count);
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Bare(int calls)
    {
        var sum = 0L;
        var durations = _durations;
        for (var i = 0; i < calls; i++)
        {
            sum += durations[i & (Durations.Count - 1)];
        }

        return sum;
    }

    private long AtTheTimeGiven(int calls)
    {
        var sum = 0L;
        var durations = _durations;
        for (var i = 0; i < calls; i++)
        {
            var ticks = durations[i & (Durations.Count - 1)];
            sum += ticks;
            tracker.Record(ticks, _now);
        }

        return sum;
    }

    private long ReadingTheClock(int calls)
    {
        var sum = 0L;
        var durations = _durations;
        for (var i = 0; i < calls; i++)
        {
            var ticks = durations[i & (Durations.Count - 1)];
            sum += ticks;
            tracker.Record(ticks);
        }

        return sum;
    }
}
