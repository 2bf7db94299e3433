namespace Resilience;

/// <summary>Puts chaos into pipelines: failures and delays on purpose, to see what the strategies outside it make of them.</summary>
/// <remarks>
/// It cannot be left on by accident: without <see cref="ChaosOptions.EnvironmentVariable"/>, or an option that says otherwise, what is added
/// does nothing, costs a call two empty calls, and says in the pipeline's description that it is off. The variable is read at each build.
/// </remarks>
public static class ChaosExtensions
{
    /// <summary>Adds chaos; put it innermost, where the callback's own failures come from.</summary>
    /// <typeparam name="TBuilder">The kind of builder.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="options">What, how often, and what switches it on.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static TBuilder AddChaos<TBuilder>(this TBuilder builder, ChaosOptions options)
        where TBuilder : StrategyBuilder
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Injection?.ResultType is { } type)
        {
            throw new ArgumentException(
                $"The chaos '{options.Name}' gives results of {type.Name}: add it to a PipelineBuilder<{type.Name}>.", nameof(options));
        }

        return Add(builder, options, static options => new ChaosStrategy(options), Environment.GetEnvironmentVariable);
    }

    /// <summary>Adds chaos that may give results of the pipeline's type.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="options">What, how often, and what switches it on.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the results are of another type.</exception>
    public static PipelineBuilder<T> AddChaos<T>(this PipelineBuilder<T> builder, ChaosOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Injection?.ResultType is not { } type
            ? Add(builder, options, static options => new ChaosStrategy(options), Environment.GetEnvironmentVariable)
            : type == typeof(T)
                ? Add(builder, options, static options => new ChaosStrategy<T>(options), Environment.GetEnvironmentVariable)
                : throw new ArgumentException(
                    $"The chaos '{options.Name}' gives results of {type.Name}: the pipeline's are of {typeof(T).Name}.", nameof(options));
    }

    /// <summary>The same in an environment of the caller's.</summary>
    internal static TBuilder Add<TBuilder>(
        TBuilder builder, ChaosOptions options, Func<ChaosOptions, Strategy> make, Func<string, string?> environment)
        where TBuilder : StrategyBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        var validated = options.Validated();
        builder.AddStrategy(_ => validated.IsOn(environment) ? make(validated) : new DormantChaos(validated));
        return builder;
    }
}
