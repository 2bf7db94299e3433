namespace Resilience;

/// <summary>
/// The last answer of a tracker, and when to ask again. Who finds the time come moves it on by compare-and-swap and asks, outside of any
/// lock; all others use the answer before. An asker who is held up may publish late, over a newer answer: for one interval.
/// </summary>
internal sealed class TrackedTimeout(AdaptiveTimeout options, Clock clock) : TimeoutSource
{
    private long _reviewAt;
    private long _ticks = None.Ticks;

    /// <inheritdoc/>
    internal override bool RunsForeignCode => options.Tracker is not (PercentileTracker or CountPercentileTracker);

    /// <inheritdoc/>
    internal override bool NeedsFineClock => options.Least.Ticks < Clock.FineBelow;

    /// <inheritdoc/>
    internal override TimeSpan Next(TimeoutRequest request)
    {
        // The clock is asked here, and not the frame: pipelines that share the strategy may tell the time on different scales.
        var now = clock.Coarse;
        var reviewAt = Volatile.Read(ref _reviewAt);
        if (now >= reviewAt
            && Interlocked.CompareExchange(ref _reviewAt, now + options.ReviewInterval.Ticks, reviewAt) == reviewAt)
        {
            Volatile.Write(ref _ticks, Ask().Ticks);
        }

        return new TimeSpan(Volatile.Read(ref _ticks));
    }

    private TimeSpan Ask()
    {
        var quantile = TimeSpan.Zero;
        var reading = options.Tracker.GetPercentiles([options.Quantile], new Span<TimeSpan>(ref quantile));
        if (reading.Count < options.MinimumRecords)
        {
            return None;
        }

        // As a double: a tracker of a user's own may say for ever.
        return new TimeSpan((long)Math.Clamp(quantile.Ticks * options.Multiple, options.Least.Ticks, options.Most.Ticks));
    }
}
