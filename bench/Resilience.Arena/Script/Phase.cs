namespace Resilience.Arena;

/// <summary>One stretch of the script: how long it lasts and how the upstream behaves meanwhile.</summary>
internal sealed record Phase
{
    /// <summary>What the charts call it.</summary>
    public required string Name { get; init; }

    /// <summary>Its part of the run, relative to the other phases' shares.</summary>
    public required double Share { get; init; }

    /// <summary>Median of the log-normal time that an ordinary answer takes, in milliseconds.</summary>
    public double MedianMs { get; init; } = 10;

    /// <summary>99th percentile of that time, in milliseconds.</summary>
    public double P99Ms { get; init; } = 50;

    /// <summary>Part of the requests that hang for <see cref="StuckMs"/> before a good answer.</summary>
    public double StuckRatio { get; init; }

    /// <summary>How long a hanging request takes, in milliseconds.</summary>
    public double StuckMs { get; init; } = 2500;

    /// <summary>Part of the requests that are answered with <see cref="Status"/>.</summary>
    public double ErrorRatio { get; init; }

    /// <summary>Status code of an error.</summary>
    public int Status { get; init; } = 500;

    /// <summary>The Retry-After header of an error, in seconds; absent when null.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Part of the requests whose connection is reset before a byte of the answer.</summary>
    public double ResetRatio { get; init; }

    /// <summary>Whether this phase is the outage that a breaker should open in and close after.</summary>
    public bool Outage { get; init; }

    /// <summary>True when nothing fails or hangs here, so that what a call costs is comparable.</summary>
    public bool Calm => StuckRatio == 0 && ErrorRatio == 0 && ResetRatio == 0;
}
