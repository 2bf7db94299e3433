namespace Resilience;

/// <summary>
/// A place of the ring: what the free-running counts were at the start of a slice. Whoever sets the tag to <see cref="Writing"/> owns the rest
/// until it sets the tag again; everybody else reads the rest only between two equal readings of the tag.
/// </summary>
internal sealed class Snapshot(int length)
{
    /// <summary>The tag while someone writes.</summary>
    internal const long Writing = -1;

    /// <summary>The tag of a place that holds nothing.</summary>
    internal const long Empty = -2;

    /// <summary>The counts.</summary>
    internal readonly AlignedCounts Counts = new(length);

    /// <summary>The sum of each block of counts, as far as 32 bits tell: subtracted from sums, where the counts themselves are not needed.</summary>
    internal readonly uint[] Sums = new uint[length / Buckets.PerOctave];

    /// <summary>The slice that the counts precede; or negative.</summary>
    internal long Tag = Empty;

    /// <summary>What is known of the counts.</summary>
    internal SnapshotHeader Header;

    private const long Late = -3;

    /// <summary>The tag of counts that were copied when their slice had already ended: whole, but no window starts at them.</summary>
    internal static long LateTag(long slice) => Late - slice;

    /// <summary>The slice of a tag; negative when there are no whole counts.</summary>
    internal static long SliceOf(long tag) => tag <= Late ? Late - tag : tag;
}
