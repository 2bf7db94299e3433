namespace Resilience;

/// <summary>Puts latency tracking into pipelines.</summary>
public static class PercentileTrackingExtensions
{
    /// <summary>
    /// Has a tracker record how long what is inside takes: attempts if it stands inside a retry, whole calls if outside. Good outcomes are
    /// recorded, and those that a deadline ended.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="tracker">Where durations go; of the pipeline's time provider.</param>
    /// <param name="name">The name in descriptions and errors.</param>
    /// <typeparam name="TBuilder">The kind of builder.</typeparam>
    public static TBuilder AddPercentileTracker<TBuilder>(this TBuilder builder, PercentileTracker tracker, string name = "latency")
        where TBuilder : StrategyBuilder => builder.AddPercentileTracker(new PercentileTrackingOptions { Tracker = tracker, Name = name });

    /// <summary>Has a tracker record how long what is inside takes.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">Which tracker, and what it records.</param>
    /// <typeparam name="TBuilder">The kind of builder.</typeparam>
    public static TBuilder AddPercentileTracker<TBuilder>(this TBuilder builder, PercentileTrackingOptions options)
        where TBuilder : StrategyBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        builder.AddStrategy(new PercentileTrackingStrategy(options.Validated()));
        return builder;
    }
}
