namespace Resilience;

/// <summary>Puts retries into pipelines.</summary>
public static class RetryExtensions
{
    /// <summary>Adds a retry: what is inside is tried again while its verdict asks for it.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">When and how often; null for the defaults.</param>
    /// <typeparam name="TBuilder">The kind of builder.</typeparam>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static TBuilder AddRetry<TBuilder>(this TBuilder builder, RetryOptions? options = null)
        where TBuilder : StrategyBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddStrategy(Strategy(options));
        return builder;
    }

    /// <summary>Adds a retry under a classifier of its own.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">When and how often.</param>
    /// <param name="classifier">What outcomes mean to this retry alone.</param>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static PipelineBuilder<T> AddRetry<T>(this PipelineBuilder<T> builder, RetryOptions options, Classifier<T> classifier)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        return builder.Add(Strategy(options), classifier);
    }

    private static Strategy Strategy(RetryOptions? options)
    {
        var validated = (options ?? new RetryOptions()).Validated();
        return validated.Budget is { } budget
            ? new RetryStrategy<BudgetPurse>(validated, new BudgetPurse(budget))
            : new RetryStrategy<NoPurse>(validated, default);
    }
}
