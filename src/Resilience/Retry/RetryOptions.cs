namespace Resilience;

/// <summary>When and how often a call is tried again.</summary>
public sealed record RetryOptions
{
    private const int MostKeptOutcomes = 100;

    /// <summary>The name in descriptions and errors. Default: "retry".</summary>
    public string Name { get; init; } = "retry";

    /// <summary>How many attempts may follow the first, at least zero, which switches the retry off. Default: 3.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>The waits between attempts. Default: exponential from 2 s, full jitter, capped at 30 s.</summary>
    public Backoff Backoff { get; init; } =
        Backoff.Exponential(TimeSpan.FromSeconds(2)).WithJitter(Jitter.Full).WithCap(TimeSpan.FromSeconds(30));

    /// <summary>
    /// The longest wait that an outcome may ask for itself (Retry-After), at least zero. One that asks for more is not tried again: the wait
    /// is never shortened. Default: 30 s.
    /// </summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a refusal by a strategy further in is tried again, after its own retry time. Default: false.</summary>
    public bool RetryRejections { get; init; }

    /// <summary>
    /// What bounds the retries of all calls that share it, in this pipeline and others; null for no bound. It is asked before each wait, and
    /// its refusals are counted by <see cref="RetryBudget.Rejections"/>. Default: null.
    /// </summary>
    public RetryBudget? Budget { get; init; }

    /// <summary>
    /// How long the dependency takes: there is no retry when the deadline leaves less than the wait and the median. Null when that is not
    /// known. Default: null.
    /// </summary>
    public IPercentileTracker? Latency { get; init; }

    /// <summary>
    /// How many outcomes of earlier attempts the context of the call keeps, the latest ones, from 0 to 100; see
    /// <see cref="CallContext.EarlierOutcomes"/>. Default: 0.
    /// </summary>
    public int KeptOutcomes { get; init; }

    /// <summary>
    /// Called before each wait, outside of any lock; the wait begins when it is done. What it throws fails the call. In a synchronous call
    /// it must complete at once. Default: null.
    /// </summary>
    public Func<RetryEvent, ValueTask>? OnRetry { get; init; }

    /// <summary>
    /// Called when an outcome goes on that asked for another attempt, outside of any lock. What it throws fails the call. Default: null.
    /// </summary>
    public Action<RetryGiveUp>? OnGiveUp { get; init; }

    internal RetryOptions Validated()
    {
        ArgumentException.ThrowIfNullOrEmpty(Name);
        ArgumentNullException.ThrowIfNull(Backoff);
        if (MaxRetries < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(MaxRetries), MaxRetries, $"MaxRetries is {MaxRetries}: it must be at least zero.");
        }

        if (MaxRetryAfter < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(
                nameof(MaxRetryAfter), MaxRetryAfter, $"MaxRetryAfter is {MaxRetryAfter}: it must be at least zero.");
        }

        if (KeptOutcomes is < 0 or > MostKeptOutcomes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(KeptOutcomes), KeptOutcomes, $"KeptOutcomes is {KeptOutcomes}: it must lie between 0 and {MostKeptOutcomes}.");
        }

        return this;
    }
}
