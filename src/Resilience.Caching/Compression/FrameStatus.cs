namespace Resilience.Caching;

/// <summary>What reading a frame came to.</summary>
public enum FrameStatus
{
    /// <summary>The frame is whole.</summary>
    Ok = 0,

    /// <summary>It has fewer or more bytes than a header, or than its header says.</summary>
    WrongLength,

    /// <summary>It does not begin with a frame's mark.</summary>
    NoFrame,

    /// <summary>Its version, algorithm or reserved byte is not one that this library writes.</summary>
    Unsupported,

    /// <summary>Its checksum does not fit.</summary>
    WrongChecksum,

    /// <summary>Its payload would be longer than <see cref="CompressionOptions.MaxRawLength"/>.</summary>
    TooLong,

    /// <summary>Its payload would be more than <see cref="CompressionOptions.MaxRatio"/> times as long as the frame.</summary>
    TooDense,

    /// <summary>Its body is not what its header says: it does not decode, or not to the length given.</summary>
    WrongBody,

    /// <summary>The frame may be whole, but its payload does not fit into the destination.</summary>
    DestinationTooSmall,
}
