namespace Resilience;

/// <summary>Puts circuit breakers into pipelines.</summary>
public static class CircuitBreakerExtensions
{
    /// <summary>Adds a circuit breaker of the pipeline's own; each build makes a new one.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">When it opens and for how long; null for the defaults.</param>
    /// <typeparam name="TBuilder">The kind of builder.</typeparam>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public static TBuilder AddCircuitBreaker<TBuilder>(this TBuilder builder, CircuitBreakerOptions? options = null)
        where TBuilder : StrategyBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        options ??= new CircuitBreakerOptions();
        options.Validate();
        builder.AddStrategy(time => new CircuitBreakerStrategy(new CircuitBreaker(options, time)));
        return builder;
    }

    /// <summary>Adds a circuit breaker that other pipelines may share, and whose state can be read and set from outside.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="breaker">A breaker with the pipeline's time provider.</param>
    /// <typeparam name="TBuilder">The kind of builder.</typeparam>
    public static TBuilder AddCircuitBreaker<TBuilder>(this TBuilder builder, CircuitBreaker breaker)
        where TBuilder : StrategyBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(breaker);
        builder.AddStrategy(new CircuitBreakerStrategy(breaker));
        return builder;
    }
}
