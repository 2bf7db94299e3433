namespace Resilience.Rpc;

/// <summary>An endpoint with what the callback is given to ask it.</summary>
/// <typeparam name="TEndpoint">What the callback is given.</typeparam>
public sealed class Endpoint<TEndpoint> : Endpoint
{
    internal Endpoint(int index, EndpointOptions<TEndpoint> options, TimeProvider time)
        : base(
            index, options.Name, options.Weight, options.Rank, options.Tags, options.MaxConcurrency,
            options.CircuitBreaker, options.Latency, time) => Target = options.Target;

    /// <summary>What the callback is given.</summary>
    public TEndpoint Target { get; }
}
