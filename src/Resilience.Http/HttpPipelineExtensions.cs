namespace Resilience.Http;

/// <summary>Puts the strategies of the standard HTTP pipeline into a builder.</summary>
public static class HttpPipelineExtensions
{
    /// <summary>Adds, outermost first: total timeout, retry, circuit breaker, attempt timeout. The classifier stays the builder's.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">The settings of the four; null for the defaults. Its <see cref="StandardResilienceOptions.Requests"/> go to the handler.</param>
    /// <exception cref="ArgumentException">An option is null or out of range.</exception>
    public static PipelineBuilder<HttpResponseMessage> AddStandard(
        this PipelineBuilder<HttpResponseMessage> builder, StandardResilienceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        options = (options ?? new StandardResilienceOptions()).Validated();
        return builder
            .AddTimeout(options.TotalTimeout, "total timeout")
            .AddRetry(options.Retry)
            .AddCircuitBreaker(options.CircuitBreaker)
            .AddTimeout(options.AttemptTimeout, "attempt timeout");
    }
}
