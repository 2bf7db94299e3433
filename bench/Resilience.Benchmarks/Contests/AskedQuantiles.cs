namespace Resilience.Benchmarks;

/// <summary>Five quantiles of a minute that holds a million records, beside an interlocked increment of one word.</summary>
/// <typeparam name="TRow">The row's mark; see <see cref="Input{TRow}"/>.</typeparam>
internal sealed class AskedQuantiles<TRow> : Contest
    where TRow : struct
{
    public const int Records = 1_000_000;
    private static readonly double[] s_quantiles = [0.5, 0.9, 0.95, 0.99, 0.999];
    private readonly PercentileTracker _tracker = new(new PercentileTrackerOptions { OwnedStripes = 0 });
    private long _count;

    public AskedQuantiles()
    {
        for (var i = 0; i < Records; i++)
        {
            _tracker.Record(Durations.Ticks[i & (Durations.Count - 1)]);
        }
    }

    /// <inheritdoc/>
    public override long Ours(int calls)
    {
        var sum = 0L;
        Span<TimeSpan> values = stackalloc TimeSpan[s_quantiles.Length];
        for (var i = 0; i < calls; i++)
        {
            sum += _tracker.GetPercentiles(s_quantiles, values).Count;
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Peer(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            sum += Records;
            Interlocked.Increment(ref _count);
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Bare(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            sum += Records;
        }

        return sum;
    }
}
