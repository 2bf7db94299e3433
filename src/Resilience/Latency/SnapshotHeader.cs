namespace Resilience;

/// <summary>What is known of a snapshot's counts.</summary>
/// <param name="Previous">The slice that was running before: nothing was recorded between the two.</param>
/// <param name="Copied">When the copy began, in nanoseconds since the window was made.</param>
/// <param name="Blur">How long the copy took, in nanoseconds.</param>
internal readonly record struct SnapshotHeader(long Previous, long Copied, long Blur)
{
    /// <summary>How many records the counts stand for, wraps included.</summary>
    internal ulong Total { get; init; }
}
