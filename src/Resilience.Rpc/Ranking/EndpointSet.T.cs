namespace Resilience.Rpc;

/// <summary>Endpoints with what the callback is given to ask each. Several fan-outs may share one set, and should.</summary>
/// <typeparam name="TEndpoint">What the callback is given.</typeparam>
public sealed class EndpointSet<TEndpoint> : EndpointSet
{
    private readonly Endpoint<TEndpoint>[] _endpoints;

    /// <summary>A set of endpoints.</summary>
    /// <param name="endpoints">From 1 to 16, with different names.</param>
    /// <param name="options">How they are ranked, and when one sits out; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or there are too many endpoints, none, or two of one name.</exception>
    public EndpointSet(IEnumerable<EndpointOptions<TEndpoint>> endpoints, EndpointSetOptions? options = null)
        : this(Build(endpoints, options ??= new EndpointSetOptions()), options)
    {
    }

    private EndpointSet(Endpoint<TEndpoint>[] endpoints, EndpointSetOptions options)
        : base(endpoints, options) => _endpoints = endpoints;

    /// <summary>The endpoint at a position, in the order in which they were given.</summary>
    /// <param name="index">From 0.</param>
    public Endpoint<TEndpoint> this[int index] => _endpoints[index];

    /// <summary>How many there are.</summary>
    public int Count => _endpoints.Length;

    internal TEndpoint TargetAt(int index) => _endpoints[index].Target;

    private static Endpoint<TEndpoint>[] Build(IEnumerable<EndpointOptions<TEndpoint>> endpoints, EndpointSetOptions options)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var all = endpoints.ToArray();
        OptionCheck.Range(all.Length, 1, EndpointOrder.Most, nameof(endpoints));
        options.Validate(all.Length);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var endpoint in all)
        {
            OptionCheck.NotNull(endpoint, nameof(endpoints));
            endpoint.Validate();
            OptionCheck.That(names.Add(endpoint.Name), nameof(endpoint.Name), $"Name '{endpoint.Name}' is given to two endpoints; each needs its own.");
        }

        return [.. all.Select((endpoint, index) => new Endpoint<TEndpoint>(index, endpoint, options.TimeProvider))];
    }
}
