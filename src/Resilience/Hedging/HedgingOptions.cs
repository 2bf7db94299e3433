namespace Resilience;

/// <summary>When further attempts are started beside the first, how many, and at what extra load. Immutable; checked when a strategy is built.</summary>
public sealed record HedgingOptions
{
    internal const int MostAttempts = 10;
    private const double DefaultExtraLoad = 0.05;

    /// <summary>The name in descriptions and errors. Default: "hedging".</summary>
    public string Name { get; init; } = "hedging";

    /// <summary>The most attempts, the first included: from 1, which switches the hedging off, to 10. Default: 2.</summary>
    public int MaxAttempts { get; init; } = 2;

    /// <summary>
    /// How long an attempt may be under way before the next one is started beside it. One that fails is followed at once. Default: 2 s.
    /// </summary>
    public HedgeDelay Delay { get; init; } = HedgeDelay.After(TimeSpan.FromSeconds(2));

    /// <summary>
    /// Bounds the extra load of all calls that share it: each attempt after the first is a withdrawal, and each call that waits or fails is a
    /// call. What one of your own throws is raised as <see cref="TaskScheduler.UnobservedTaskException"/> and counts as a refusal. Null for one
    /// of the strategy's own, with <see cref="ExtraLoad"/>. Default: null.
    /// </summary>
    public RetryBudget? Budget { get; init; }

    /// <summary>
    /// How many attempts after the first a call pays in, when <see cref="Budget"/> is null: 0.05 lets one call in twenty be hedged, and one a
    /// second however few calls there are. What is paid in fades within 10 s. Above 0 and at most 10; infinity for no bound. Default: 0.05.
    /// </summary>
    public double ExtraLoad { get; init; } = DefaultExtraLoad;

    /// <summary>
    /// No attempt is started beside another while so many that lost are still under way, because they ignore their cancellation: at least
    /// 1. Default: 1,000.
    /// </summary>
    public int MaxInFlightLosers { get; init; } = 1_000;

    /// <summary>What was started, won, lost and refused; may be shared between strategies.</summary>
    public HedgingCounters Counters { get; init; } = new();

    /// <summary>
    /// Called before each attempt after the first, on the thread that starts it, outside of any lock. It may be called while other attempts of the
    /// call are under way. What it throws fails the call; those attempts are then cancelled, and counted as losers. Default: null.
    /// </summary>
    public Action<HedgeEvent>? OnHedge { get; init; }

    internal HedgingOptions Validated()
    {
        ArgumentException.ThrowIfNullOrEmpty(Name);
        ArgumentNullException.ThrowIfNull(Delay);
        ArgumentNullException.ThrowIfNull(Counters);
        if (MaxAttempts is < 1 or > MostAttempts)
        {
            throw new ArgumentOutOfRangeException(
                nameof(MaxAttempts), MaxAttempts, $"MaxAttempts is {MaxAttempts}: it must lie between 1 and {MostAttempts}.");
        }

        if (MaxInFlightLosers < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(MaxInFlightLosers), MaxInFlightLosers, $"MaxInFlightLosers is {MaxInFlightLosers}: it must be at least 1.");
        }

        // Written so that NaN fails.
        if (!(ExtraLoad is > 0 and <= 10 || double.IsPositiveInfinity(ExtraLoad)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(ExtraLoad), ExtraLoad,
                FormattableString.Invariant($"ExtraLoad is {ExtraLoad}: it must be above 0 and at most 10, or infinite."));
        }

        if (Budget is not null && ExtraLoad != DefaultExtraLoad)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"ExtraLoad is {ExtraLoad} and Budget is '{Budget}': set one of the two."), nameof(ExtraLoad));
        }

        return this;
    }

    /// <summary>The budget in force; null when the load is not bounded.</summary>
    internal RetryBudget? BudgetFor(TimeProvider time) => Budget ?? (double.IsPositiveInfinity(ExtraLoad)
        ? null
        : new LeakyBucketBudget(new LeakyBucketBudgetOptions { RetryRatio = ExtraLoad, MinimumPerSecond = 1 }, time));
}
