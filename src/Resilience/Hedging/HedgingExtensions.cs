namespace Resilience;

/// <summary>Puts hedging into pipelines.</summary>
public static class HedgingExtensions
{
    /// <summary>
    /// Adds hedging: what is inside is started again, beside the attempt under way when that is late and after it when it failed, and the
    /// first good outcome is the call's. What a call hands to its callback must outlive the call: attempts that lost go on reading it. An
    /// attempt is late only once its callback has returned its task: one that blocks the thread before that is not hedged.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">When, how many, and at what extra load; null for the defaults.</param>
    /// <typeparam name="TBuilder">The kind of builder.</typeparam>
    /// <exception cref="ArgumentException">An option is null or out of its range, or two contradict each other.</exception>
    public static TBuilder AddHedging<TBuilder>(this TBuilder builder, HedgingOptions? options = null)
        where TBuilder : StrategyBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        Add(builder, options, null);
        return builder;
    }

    /// <summary>Adds hedging whose attempts after the first have an action of their own, inside the same strategies.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">When, how many, and at what extra load; null for the defaults.</param>
    /// <param name="action">
    /// What attempts after the first run in place of the call's callback; <see cref="CallContext.Attempt"/> tells them apart.
    /// </param>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <exception cref="ArgumentException">An option is null or out of its range, or two contradict each other.</exception>
    public static PipelineBuilder<T> AddHedging<T>(
        this PipelineBuilder<T> builder, HedgingOptions? options, Func<CallContext, ValueTask<T>> action)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(action);
        Add(builder, options, action);
        return builder;
    }

    private static void Add(StrategyBuilder builder, HedgingOptions? options, object? action)
    {
        var valid = (options ?? new HedgingOptions()).Validated();
        builder.AddStrategy(time => new HedgingStrategy(valid, valid.Delay.For(time), valid.BudgetFor(time), action));
    }
}
