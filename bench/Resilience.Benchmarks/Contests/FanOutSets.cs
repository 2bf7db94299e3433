using Resilience.Rpc;

namespace Resilience.Benchmarks;

/// <summary>Endpoints that are numbers, with their default options.</summary>
internal static class FanOutSets
{
    public static EndpointSet<int> Of(int count) =>
        new([.. Enumerable.Range(0, count).Select(i => new EndpointOptions<int> { Name = $"endpoint {i}", Target = i })]);
}
