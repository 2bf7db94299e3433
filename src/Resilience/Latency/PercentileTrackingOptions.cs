namespace Resilience;

/// <summary>What a pipeline records in a <see cref="PercentileTracker"/>.</summary>
public sealed record PercentileTrackingOptions
{
    /// <summary>The name in descriptions and errors. Default: "latency".</summary>
    public string Name { get; init; } = "latency";

    /// <summary>Where durations go; of the pipeline's own time provider. It may serve many pipelines, and others may read it.</summary>
    public required PercentileTracker Tracker { get; init; }

    /// <summary>
    /// Whether failures are recorded, too, and not only good outcomes and those that a deadline ended. A failure that comes at once would make
    /// the dependency look fast to whoever waits for it. Default: false.
    /// </summary>
    public bool RecordFailures { get; init; }

    internal PercentileTrackingOptions Validated()
    {
        ArgumentException.ThrowIfNullOrEmpty(Name);
        ArgumentNullException.ThrowIfNull(Tracker);
        return this;
    }
}
