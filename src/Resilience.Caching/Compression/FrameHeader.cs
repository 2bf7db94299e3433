using System.Buffers.Binary;

namespace Resilience.Caching;

/// <summary>The first 16 bytes of a frame. Every field is little-endian; the folder's README shows them byte by byte.</summary>
/// <param name="Algorithm">How the body is compressed.</param>
/// <param name="RawLength">The length of the payload.</param>
/// <param name="BodyLength">The length of what follows the header.</param>
internal readonly record struct FrameHeader(CompressionAlgorithm Algorithm, int RawLength, int BodyLength)
{
    internal const int Length = 16;
    internal const byte Mark = 0xC7;
    internal const byte Version = 1;
    private const int ChecksumAt = 12;

    /// <summary>Reads and checks everything but the checksum and the body; looks at the first 16 bytes and at the length only.</summary>
    internal static FrameStatus Read(ReadOnlySpan<byte> frame, CompressionOptions limits, out FrameHeader header)
    {
        header = default;
        if (frame.Length < Length)
        {
            return FrameStatus.WrongLength;
        }

        if (frame[0] != Mark)
        {
            return FrameStatus.NoFrame;
        }

        if (frame[1] != Version || frame[2] > (byte)CompressionAlgorithm.Brotli || frame[3] != 0)
        {
            return FrameStatus.Unsupported;
        }

        var algorithm = (CompressionAlgorithm)frame[2];
        var raw = BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]);
        var body = BinaryPrimitives.ReadUInt32LittleEndian(frame[8..]);
        if (body != (uint)(frame.Length - Length))
        {
            return FrameStatus.WrongLength;
        }

        if (raw > (uint)limits.MaxRawLength)
        {
            return FrameStatus.TooLong;
        }

        if (algorithm == CompressionAlgorithm.None ? raw != body : raw == 0)
        {
            return FrameStatus.WrongBody;
        }

        if (raw > (long)limits.MaxRatio * frame.Length)
        {
            return FrameStatus.TooDense;
        }

        header = new FrameHeader(algorithm, (int)raw, (int)body);
        return FrameStatus.Ok;
    }

    /// <summary>Whether the checksum is that of the rest of a frame whose header was read.</summary>
    internal static bool IsIntact(ReadOnlySpan<byte> frame) =>
        BinaryPrimitives.ReadUInt32LittleEndian(frame[ChecksumAt..]) == Checksum(frame);

    /// <summary>Writes the header before a body that is in place already.</summary>
    internal void Write(Span<byte> frame)
    {
        frame[0] = Mark;
        frame[1] = Version;
        frame[2] = (byte)Algorithm;
        frame[3] = 0;
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], RawLength);
        BinaryPrimitives.WriteInt32LittleEndian(frame[8..], BodyLength);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[ChecksumAt..], Checksum(frame[..(Length + BodyLength)]));
    }

    private static uint Checksum(ReadOnlySpan<byte> frame) =>
        Crc32C.End(Crc32C.Add(Crc32C.Add(Crc32C.Start, frame[..ChecksumAt]), frame[Length..]));
}
