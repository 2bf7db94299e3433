namespace Resilience.Benchmarks;

/// <summary>Five quantiles of the same durations: of a tracker's window, and of a ring of samples that is copied and sorted when asked.</summary>
/// <typeparam name="TRow">The row's mark; see <see cref="Input{TRow}"/>.</typeparam>
internal sealed class SortedSamples<TRow> : Contest
    where TRow : struct
{
    public const int Samples = 4_096;
    private static readonly double[] s_quantiles = [0.5, 0.9, 0.95, 0.99, 0.999];
    private readonly PercentileTracker _tracker = new();
    private readonly long[] _ring = Durations.Make(Samples);
    private readonly long[] _sorted = new long[Samples];

    public SortedSamples()
    {
        foreach (var ticks in _ring)
        {
            _tracker.Record(ticks);
        }
    }

    /// <inheritdoc/>
    public override long Ours(int calls)
    {
        var sum = 0L;
        Span<TimeSpan> values = stackalloc TimeSpan[s_quantiles.Length];
        for (var i = 0; i < calls; i++)
        {
            _tracker.GetPercentiles(s_quantiles, values);
            foreach (var value in values)
            {
                sum += value.Ticks;
            }
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Peer(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            _ring.CopyTo(_sorted, 0);
            Array.Sort(_sorted);
            foreach (var quantile in s_quantiles)
            {
                sum += _sorted[(int)Math.Ceiling(quantile * _sorted.Length) - 1];
            }
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Bare(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            foreach (var quantile in s_quantiles)
            {
                sum += _ring[(int)Math.Ceiling(quantile * _ring.Length) - 1];
            }
        }

        return sum;
    }
}
