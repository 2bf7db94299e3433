namespace Resilience;

/// <summary>
/// What an outcome means, in two facets: the <see cref="Health"/> of the dependency and whether to try <see cref="Again"/>.
/// A classifier gives one verdict per outcome and every strategy further out sees that one. <c>default</c> is <see cref="Success"/>.
/// </summary>
public readonly record struct Verdict
{
    // One word, so that a verdict costs a call one store: health in bits 0 and 1, again in bits 2 and 3, the wait in ticks above.
    private const int AgainShift = 2;
    private const int TicksShift = 4;
    private readonly long _bits;

    /// <summary>Any pair of facets, without a wait of its own.</summary>
    /// <param name="health">What the outcome says about the dependency.</param>
    /// <param name="again">Whether another attempt makes sense.</param>
    public Verdict(Health health, Again again) => _bits = (long)health | ((long)again << AgainShift);

    private Verdict(Health health, long retryAfterTicks) =>
        _bits = (long)health | ((long)Again.After << AgainShift)
            | (Math.Clamp(retryAfterTicks, 0, long.MaxValue >> TicksShift) << TicksShift);

    /// <summary>Good, and no further attempt.</summary>
    public static Verdict Success => default;

    /// <summary>Bad, and another attempt may succeed.</summary>
    public static Verdict Transient => new(Health.Bad, Again.Yes);

    /// <summary>Bad, and another attempt would fail likewise.</summary>
    public static Verdict Permanent => new(Health.Bad, Again.No);

    /// <summary>Says nothing about health and asks for no further attempt: the caller cancelled, or a hook failed.</summary>
    public static Verdict Ignored => new(Health.None, Again.No);

    /// <summary>What the outcome says about the dependency.</summary>
    public Health Health => (Health)(_bits & 3);

    /// <summary>Whether another attempt makes sense.</summary>
    public Again Again => (Again)((_bits >> AgainShift) & 3);

    /// <summary>The longest <see cref="RetryAfter"/> there is, about 1,800 years; a longer one counts as this.</summary>
    public static TimeSpan MaxRetryAfter => new(long.MaxValue >> TicksShift);

    /// <summary>The least wait before another attempt; zero unless <see cref="Again"/> is <see cref="Again.After"/>.</summary>
    public TimeSpan RetryAfter => new(_bits >> TicksShift);

    /// <summary>Says nothing about health; another attempt is welcome after <paramref name="retryAfter"/> and not before.</summary>
    /// <param name="retryAfter">
    /// The least wait; <see cref="Timeout.InfiniteTimeSpan"/> means never, and is <see cref="Again.No"/>; any other below zero counts as zero.
    /// </param>
    public static Verdict Throttled(TimeSpan retryAfter) => After(Health.None, retryAfter);

    /// <summary>The same health, with another attempt welcome after <paramref name="retryAfter"/> and not before.</summary>
    /// <param name="retryAfter">
    /// The least wait; <see cref="Timeout.InfiniteTimeSpan"/> means never, and is <see cref="Again.No"/>; any other below zero counts as zero.
    /// </param>
    public Verdict WithRetryAfter(TimeSpan retryAfter) => After(Health, retryAfter);

    private static Verdict After(Health health, TimeSpan retryAfter) =>
        retryAfter == Timeout.InfiniteTimeSpan ? new(health, Again.No) : new(health, retryAfter.Ticks);
}
