namespace Resilience;

/// <summary>
/// How long an attempt may be under way before another one is started beside it: fixed, or a percentile of what attempts took lately.
/// Immutable but for what its tracker has seen; safe for concurrent use.
/// </summary>
public sealed class HedgeDelay
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);
    private readonly TimeSpan _least;
    private readonly TimeSpan _most;
    private readonly double _quantile;
    private readonly int _minimumSamples;

    private HedgeDelay(TimeSpan fixedDelay)
    {
        _least = fixedDelay;
        _most = fixedDelay;
    }

    private HedgeDelay(double quantile, TimeSpan least, TimeSpan most, int minimumSamples, IPercentileTracker? tracker)
    {
        _quantile = quantile;
        _least = least;
        _most = most;
        _minimumSamples = minimumSamples;
        Tracker = tracker;
    }

    /// <summary>
    /// No delay: once the first attempt must wait, all others are started, too, as far as <see cref="HedgingOptions.ExtraLoad"/> or the budget
    /// grants them. The default grants 5 %: for two attempts of each call, allow an extra load of 1.
    /// </summary>
    public static HedgeDelay Parallel { get; } = new(TimeSpan.Zero);

    /// <summary>Never beside another: an attempt is started when the one before has failed.</summary>
    public static HedgeDelay Sequential { get; } = new(Timeout.InfiniteTimeSpan);

    /// <summary>The tracker of the percentile; null for a fixed delay, and until the strategy is built.</summary>
    public IPercentileTracker? Tracker { get; }

    /// <summary>In ticks: zero for none, negative when no other attempt is to be started by time.</summary>
    internal long Ticks => Tracker is null ? _least.Ticks : TrackedTicks(Tracker);

    /// <summary>A fixed delay.</summary>
    /// <param name="delay">Above zero, at most a day.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delay"/> is out of its range.</exception>
    public static HedgeDelay After(TimeSpan delay)
    {
        Check(delay, TimeSpan.FromTicks(1), s_longest, nameof(delay));
        return new HedgeDelay(delay);
    }

    /// <summary>
    /// A percentile of how long the first attempts of calls took that went well, within bounds. One that lost counts with the time that it
    /// had taken by then: it took that long at least. Nothing is hedged by time before there are enough samples.
    /// </summary>
    /// <param name="quantile">Above 0 and below 1: 0.95 hedges the slowest twentieth.</param>
    /// <param name="least">The least delay: above zero, at most a day.</param>
    /// <param name="most">The greatest delay: at least <paramref name="least"/>, at most a day.</param>
    /// <param name="minimumSamples">At least 1.</param>
    /// <param name="tracker">
    /// What to read and record in, in the pipeline's time; null for one of a minute in twelve slices, of the strategy's own. What one of your own
    /// throws is raised as <see cref="TaskScheduler.UnobservedTaskException"/>, and nothing is hedged by time then.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static HedgeDelay AtPercentile(
        double quantile, TimeSpan least, TimeSpan most, int minimumSamples = 100, IPercentileTracker? tracker = null)
    {
        // Written so that NaN fails.
        if (!(quantile is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(quantile), quantile, FormattableString.Invariant($"quantile is {quantile}: it must lie between 0 and 1, both excluded."));
        }

        Check(least, TimeSpan.FromTicks(1), s_longest, nameof(least));
        Check(most, least, s_longest, nameof(most));
        if (minimumSamples < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(minimumSamples), minimumSamples, $"minimumSamples is {minimumSamples}: it must be at least 1.");
        }

        return new HedgeDelay(quantile, least, most, minimumSamples, tracker);
    }

    /// <summary>The delay in words.</summary>
    public override string ToString() => _quantile > 0
        ? FormattableString.Invariant(
            $"P{_quantile * 100:0.###} from {DurationText.Of(_least)} to {DurationText.Of(_most)}, after {_minimumSamples} samples")
        : this == Parallel ? "parallel" : this == Sequential ? "sequential" : DurationText.Of(_least);

    /// <summary>The same delay with a tracker, if it needs one.</summary>
    internal HedgeDelay For(TimeProvider time) => _quantile > 0 && Tracker is null
        ? new HedgeDelay(
            _quantile, _least, _most, _minimumSamples, new PercentileTracker(new PercentileTrackerOptions { TimeProvider = time }))
        : this;

    private static void Check(TimeSpan value, TimeSpan least, TimeSpan most, string name)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(
                name, value, $"{name} is {DurationText.Of(value)}: it must lie between {DurationText.Of(least)} and {DurationText.Of(most)}.");
        }
    }

    private long TrackedTicks(IPercentileTracker tracker)
    {
        var value = TimeSpan.Zero;
        var reading = tracker.GetPercentiles([_quantile], new Span<TimeSpan>(ref value));
        return reading.Count < _minimumSamples ? -1 : Math.Clamp(value.Ticks, _least.Ticks, _most.Ticks);
    }
}
