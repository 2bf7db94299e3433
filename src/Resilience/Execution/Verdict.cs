namespace Resilience;

/// <summary>
/// What an outcome means, in two facets: the <see cref="Health"/> of the dependency and whether to try <see cref="Again"/>.
/// A classifier gives one verdict per outcome and every strategy further out sees that one. <c>default</c> is <see cref="Success"/>.
/// </summary>
public readonly record struct Verdict
{
    private readonly long _retryAfterTicks;

    /// <summary>Any pair of facets, without a wait of its own.</summary>
    /// <param name="health">What the outcome says about the dependency.</param>
    /// <param name="again">Whether another attempt makes sense.</param>
    public Verdict(Health health, Again again)
    {
        Health = health;
        Again = again;
    }

    private Verdict(Health health, Again again, long retryAfterTicks)
    {
        Health = health;
        Again = again;
        _retryAfterTicks = retryAfterTicks;
    }

    /// <summary>Good, and no further attempt.</summary>
    public static Verdict Success => default;

    /// <summary>Bad, and another attempt may succeed.</summary>
    public static Verdict Transient => new(Health.Bad, Again.Yes);

    /// <summary>Bad, and another attempt would fail likewise.</summary>
    public static Verdict Permanent => new(Health.Bad, Again.No);

    /// <summary>Says nothing about health and asks for no further attempt: the caller cancelled, or a hook failed.</summary>
    public static Verdict Ignored => new(Health.None, Again.No);

    /// <summary>What the outcome says about the dependency.</summary>
    public Health Health { get; }

    /// <summary>Whether another attempt makes sense.</summary>
    public Again Again { get; }

    /// <summary>The least wait before another attempt; zero unless <see cref="Again"/> is <see cref="Again.After"/>.</summary>
    public TimeSpan RetryAfter => new(_retryAfterTicks);

    /// <summary>Says nothing about health; another attempt is welcome after <paramref name="retryAfter"/> and not before.</summary>
    /// <param name="retryAfter">The least wait; negative counts as zero.</param>
    public static Verdict Throttled(TimeSpan retryAfter) => new(Health.None, Again.After, Math.Max(0, retryAfter.Ticks));

    /// <summary>The same health, with another attempt welcome after <paramref name="retryAfter"/> and not before.</summary>
    /// <param name="retryAfter">The least wait; negative counts as zero.</param>
    public Verdict WithRetryAfter(TimeSpan retryAfter) => new(Health, Again.After, Math.Max(0, retryAfter.Ticks));
}
