namespace Resilience.Caching;

/// <summary>How the body of a frame is compressed. The values are those written into the frame.</summary>
public enum CompressionAlgorithm
{
    /// <summary>The body is the payload.</summary>
    None = 0,

    /// <summary>RFC 1951: gzip's compression without its 18 bytes of header and trailer, for which the frame has its own.</summary>
    Deflate = 1,

    /// <summary>RFC 7932.</summary>
    Brotli = 2,
}
