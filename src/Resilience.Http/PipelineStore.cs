using System.Collections.Concurrent;

namespace Resilience.Http;

/// <summary>
/// The pipelines of one service provider's clients. A singleton: handlers come and go, pipelines stay. Safe for concurrent use; a pipeline is
/// built once, and again only if building it failed.
/// </summary>
/// <param name="services">The root service provider.</param>
internal sealed class PipelineStore(IServiceProvider services)
{
    private readonly ConcurrentDictionary<PipelineRegistration, Lazy<Pipeline<HttpResponseMessage>>> _pipelines = [];

    /// <summary>The pipeline of a registration.</summary>
    internal Pipeline<HttpResponseMessage> Get(PipelineRegistration registration)
    {
        var lazy = _pipelines.GetOrAdd(registration, static (registration, services) => new(() => registration.Build(services)), services);
        try
        {
            return lazy.Value;
        }
        catch
        {
            // A lazy keeps its exception: the next handler gets another try.
            _pipelines.TryRemove(KeyValuePair.Create(registration, lazy));
            throw;
        }
    }
}
