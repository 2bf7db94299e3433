using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Resilience.Http;

/// <summary>Puts a pipeline in front of a named or typed client.</summary>
public static class HttpClientBuilderExtensions
{
    /// <summary>
    /// Sends the client's requests through a pipeline. It is built once a service provider, when the first handler is made, and outlives
    /// the handlers, which the factory replaces every two minutes: the state of a circuit breaker stays.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="configure">
    /// Adds strategies, outermost first, to a builder that has the client's name, the <see cref="TimeProvider"/> of the services or else the
    /// system's, and the <see cref="HttpClassifier"/>; each may be replaced.
    /// </param>
    /// <param name="options">Which requests may be sent again; null for the default.</param>
    public static IHttpClientBuilder AddResilience(
        this IHttpClientBuilder builder,
        Action<PipelineBuilder<HttpResponseMessage>> configure,
        ResilienceHandlerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.AddResilience((pipeline, _) => configure(pipeline), options);
    }

    /// <summary>As the other overload, for a pipeline that is made of services.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="configure">Adds strategies, outermost first, with the root service provider at hand.</param>
    /// <param name="options">Which requests may be sent again; null for the default.</param>
    public static IHttpClientBuilder AddResilience(
        this IHttpClientBuilder builder,
        Action<PipelineBuilder<HttpResponseMessage>, IServiceProvider> configure,
        ResilienceHandlerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        options = (options ?? new ResilienceHandlerOptions()).Validated();
        var registration = new PipelineRegistration(builder.Name, configure);
        builder.Services.TryAddSingleton<PipelineStore>();
        return builder.AddHttpMessageHandler(
            services => new ResilienceHandler(services.GetRequiredService<PipelineStore>().Get(registration), options));
    }

    /// <summary>
    /// Sends the client's requests through the standard pipeline: a total timeout, a retry, a circuit breaker, and a timeout for each attempt.
    /// A call that it ends throws <see cref="TimeoutRejectedException"/> or <see cref="RejectedException"/>.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is null or out of range.</exception>
    public static IHttpClientBuilder AddStandardResilience(this IHttpClientBuilder builder, StandardResilienceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        options ??= new StandardResilienceOptions();

        // What is out of range shows here, and not when the first client is made.
        new PipelineBuilder<HttpResponseMessage>().AddStandard(options);
        return builder.AddResilience(pipeline => pipeline.AddStandard(options), options.Requests);
    }
}
