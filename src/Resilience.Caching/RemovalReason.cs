namespace Resilience.Caching;

/// <summary>Why an entry left a cache.</summary>
public enum RemovalReason : byte
{
    /// <summary>It made room for another.</summary>
    Evicted,

    /// <summary>It outlived its time.</summary>
    Expired,

    /// <summary>A new value took its place.</summary>
    Replaced,

    /// <summary>It was removed, or a new value for its key was refused for want of room.</summary>
    Removed,

    /// <summary>The cache was cleared or disposed.</summary>
    Cleared,
}
