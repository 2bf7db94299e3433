namespace Resilience.Caching;

/// <summary>A cache whose figures are published.</summary>
internal interface IMeasuredCache
{
    CacheSnapshot Snapshot { get; }

    PercentileTracker? GetLatency { get; }

    PercentileTracker? SetLatency { get; }

    PercentileTracker? CreationLatency { get; }
}
