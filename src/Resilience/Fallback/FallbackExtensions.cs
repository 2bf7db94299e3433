namespace Resilience;

/// <summary>Puts fallbacks into pipelines.</summary>
public static class FallbackExtensions
{
    /// <summary>Adds a fallback: an outcome whose verdict calls for it is replaced.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="action">What is given instead.</param>
    public static PipelineBuilder<T> AddFallback<T>(this PipelineBuilder<T> builder, FallbackAction<T> action) =>
        builder.AddFallback(new FallbackOptions<T> { Action = action });

    /// <summary>Adds a fallback: an outcome whose verdict calls for it is replaced.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="options">When, and by what.</param>
    /// <exception cref="ArgumentException">An option is missing.</exception>
    public static PipelineBuilder<T> AddFallback<T>(this PipelineBuilder<T> builder, FallbackOptions<T> options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        return builder.Add(new FallbackStrategy<T>(options.Validated()));
    }

    /// <summary>Adds a fallback under a classifier of its own.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="options">When, and by what.</param>
    /// <param name="classifier">What outcomes mean to this fallback alone.</param>
    /// <exception cref="ArgumentException">An option is missing.</exception>
    public static PipelineBuilder<T> AddFallback<T>(this PipelineBuilder<T> builder, FallbackOptions<T> options, Classifier<T> classifier)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        return builder.Add(new FallbackStrategy<T>(options.Validated()), classifier);
    }
}
