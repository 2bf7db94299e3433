namespace Resilience;

/// <summary>A snapshot in the making, on the stack of its writer.</summary>
/// <param name="place">The place that the writer owns.</param>
/// <param name="slice">The slice whose start it marks.</param>
/// <param name="tag">The tag that the place had before.</param>
internal struct SnapshotCopy(Snapshot place, long slice, long tag)
{
    /// <summary>The place that the writer owns.</summary>
    internal readonly Snapshot Place = place;

    /// <summary>The slice whose start it marks.</summary>
    internal readonly long Slice = slice;

    /// <summary>The tag that the place had before: what it holds may be the base of the total.</summary>
    internal readonly long Tag = tag;

    // Mutable: set by the one writer while it fills the place.

    /// <summary>How many records the counts stand for.</summary>
    internal ulong Total;

    /// <summary>Whether the counts and their total are whole.</summary>
    internal bool IsWhole;
}
