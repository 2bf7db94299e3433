namespace Resilience.Benchmarks;

/// <summary>A recorded sequence of requests.</summary>
internal sealed record Trace(string Name, Request[] Requests, bool HasSizes)
{
    /// <summary>How many different keys there are.</summary>
    public int Unique { get; } = Requests.Select(request => request.Key).Distinct().Count();
}
