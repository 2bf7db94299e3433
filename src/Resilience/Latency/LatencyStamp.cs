namespace Resilience;

/// <summary>A reading of a tracker's clock, to measure from and to record at. Means nothing to a tracker of another time provider.</summary>
public readonly record struct LatencyStamp
{
    // The complement, so that the default is no reading.
    private readonly long _complement;

    /// <summary>A stamp of a clock reading.</summary>
    internal LatencyStamp(long nanoseconds) => _complement = ~nanoseconds;

    /// <summary>The reading; −1 if there was none, or where a provider that counts from below zero read just that.</summary>
    internal long Nanoseconds => ~_complement;

    /// <summary>Whether there was no reading.</summary>
    internal bool IsDefault => _complement == 0;
}
