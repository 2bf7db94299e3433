namespace Resilience.Caching;

/// <summary>What a frame's header says.</summary>
/// <param name="Algorithm">How the body is compressed.</param>
/// <param name="RawLength">The length of the payload in bytes.</param>
/// <param name="FrameLength">The length of the frame in bytes.</param>
public readonly record struct FrameInfo(CompressionAlgorithm Algorithm, int RawLength, int FrameLength);
