namespace Resilience;

/// <summary>Puts timeouts into pipelines.</summary>
public static class TimeoutExtensions
{
    /// <summary>Adds a timeout: what is inside must end within <paramref name="timeout"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="timeout">Above zero, at most 365 days.</param>
    /// <param name="name">The name in descriptions and errors.</param>
    /// <typeparam name="TBuilder">The kind of builder.</typeparam>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is out of range.</exception>
    public static TBuilder AddTimeout<TBuilder>(this TBuilder builder, TimeSpan timeout, string name = "timeout")
        where TBuilder : StrategyBuilder => builder.AddTimeout(new TimeoutOptions { Timeout = timeout, Name = name });

    /// <summary>Adds a timeout.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">How long, and what becomes of a callee that does not stop.</param>
    /// <typeparam name="TBuilder">The kind of builder.</typeparam>
    /// <exception cref="ArgumentException">An option is out of range, or two exclude one another.</exception>
    public static TBuilder AddTimeout<TBuilder>(this TBuilder builder, TimeoutOptions options)
        where TBuilder : StrategyBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        builder.AddStrategy(options.Validated().ToStrategy);
        return builder;
    }
}
