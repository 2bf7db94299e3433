using System.Buffers;

namespace Resilience.Caching;

/// <summary>
/// Puts payloads into frames, compressed by size where that saves enough, and takes them out again. A frame that was cut, changed or made by
/// a stranger gives a status, never an exception, wrong bytes, or more memory than its options allow.
/// </summary>
/// <remarks>
/// Immutable and safe for concurrent use. Decoding allocates nothing; encoding allocates only what the base library's Deflate stream does.
/// Both are linear in the payload.
/// </remarks>
public sealed class PayloadCodec
{
    /// <summary>The bytes that a frame adds to a payload that is not compressed: no frame is longer than its payload and these.</summary>
    public const int Overhead = FrameHeader.Length;

    private readonly CompressionOptions _options;

    /// <summary>A codec.</summary>
    /// <param name="options">Tiers, levels and limits; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public PayloadCodec(CompressionOptions? options = null) => _options = (options ?? new CompressionOptions()).Validated();

    /// <summary>The tiers, levels and limits.</summary>
    public CompressionOptions Options => _options;

    /// <summary>How a payload of some length is compressed, if that saves enough.</summary>
    /// <param name="length">The payload's length in bytes.</param>
    public CompressionAlgorithm AlgorithmFor(int length) =>
        length < Math.Max(1, _options.MinimumLength) || length > _options.MaxRawLength ? CompressionAlgorithm.None
        : length < _options.BrotliFrom ? CompressionAlgorithm.Deflate
        : CompressionAlgorithm.Brotli;

    /// <summary>Writes a payload's frame: compressed if that saves <see cref="CompressionOptions.MinimumSaving"/>, plain otherwise.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="frame">Room for the frame; <see cref="Overhead"/> more than the payload always suffices.</param>
    /// <param name="written">How many bytes were written.</param>
    /// <returns>Whether the room sufficed.</returns>
    /// <exception cref="ArgumentException">The payload is longer than <see cref="CompressionOptions.MaxRawLength"/>.</exception>
    public bool TryEncode(ReadOnlySpan<byte> payload, Span<byte> frame, out int written)
    {
        if (payload.Length > _options.MaxRawLength)
        {
            ThrowTooLong(payload.Length);
        }

        if (TryCompress(payload, frame, out written))
        {
            return true;
        }

        if (frame.Length < Overhead + payload.Length)
        {
            return false;
        }

        payload.CopyTo(frame[Overhead..]);
        new FrameHeader(CompressionAlgorithm.None, payload.Length, payload.Length).Write(frame);
        written = Overhead + payload.Length;
        return true;
    }

    /// <summary>Writes a payload's frame if the payload is to be compressed and that saves enough.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="frame">Room for the frame; as much as the payload always suffices.</param>
    /// <param name="written">How many bytes were written; zero if none.</param>
    /// <returns>Whether a frame was written; if not, the payload is better kept as it is, or the room did not suffice.</returns>
    public bool TryCompress(ReadOnlySpan<byte> payload, Span<byte> frame, out int written)
    {
        written = 0;
        var algorithm = AlgorithmFor(payload.Length);
        var limit = Math.Min((int)(payload.Length * (1 - _options.MinimumSaving)), frame.Length) - Overhead;
        if (algorithm == CompressionAlgorithm.None || limit <= 0)
        {
            return false;
        }

        var body = Compress(algorithm, payload, frame.Slice(Overhead, limit));
        if (body > 0 && algorithm == CompressionAlgorithm.Brotli && IsTooDense(payload.Length, body))
        {
            // Brotli says a megabyte of zeros in 20 bytes, which no reader could tell from a bomb; Deflate cannot.
            algorithm = CompressionAlgorithm.Deflate;
            body = Compress(algorithm, payload, frame.Slice(Overhead, limit));
        }

        if (body == 0 || IsTooDense(payload.Length, body))
        {
            return false;
        }

        new FrameHeader(algorithm, payload.Length, body).Write(frame);
        written = Overhead + body;
        return true;
    }

    /// <summary>Reads a frame's header and checks all of it, with the lengths against the limits, but neither checksum nor body.</summary>
    /// <param name="frame">The whole frame.</param>
    /// <param name="info">What the header says; empty unless the status is <see cref="FrameStatus.Ok"/>.</param>
    public FrameStatus ReadHeader(ReadOnlySpan<byte> frame, out FrameInfo info)
    {
        var status = FrameHeader.Read(frame, _options, out var header);
        info = status == FrameStatus.Ok ? new FrameInfo(header.Algorithm, header.RawLength, frame.Length) : default;
        return status;
    }

    /// <summary>Takes a payload out of its frame.</summary>
    /// <param name="frame">The whole frame.</param>
    /// <param name="destination">Room for the payload. What lies beyond its length is not touched; its content is undefined after a failure.</param>
    /// <param name="written">The payload's length; zero unless the status is <see cref="FrameStatus.Ok"/>.</param>
    public FrameStatus Decode(ReadOnlySpan<byte> frame, Span<byte> destination, out int written)
    {
        written = 0;
        var status = FrameHeader.Read(frame, _options, out var header);
        if (status != FrameStatus.Ok)
        {
            return status;
        }

        if (destination.Length < header.RawLength)
        {
            return FrameStatus.DestinationTooSmall;
        }

        status = Decode(frame, header, destination[..header.RawLength]);
        written = status == FrameStatus.Ok ? header.RawLength : 0;
        return status;
    }

    /// <summary>Takes a payload out of its frame and into a writer, which is advanced only if the status is <see cref="FrameStatus.Ok"/>.</summary>
    /// <param name="frame">The whole frame.</param>
    /// <param name="destination">Where the payload goes, in one piece.</param>
    public FrameStatus Decode(ReadOnlySpan<byte> frame, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var status = FrameHeader.Read(frame, _options, out var header);
        if (status != FrameStatus.Ok || header.RawLength == 0)
        {
            return status == FrameStatus.Ok && !FrameHeader.IsIntact(frame) ? FrameStatus.WrongChecksum : status;
        }

        status = Decode(frame, header, destination.GetSpan(header.RawLength)[..header.RawLength]);
        if (status == FrameStatus.Ok)
        {
            destination.Advance(header.RawLength);
        }

        return status;
    }

    private static FrameStatus Decode(ReadOnlySpan<byte> frame, FrameHeader header, Span<byte> payload)
    {
        // Before the body is looked at: what a decoder of its format would make of changed bytes never matters.
        if (!FrameHeader.IsIntact(frame))
        {
            return FrameStatus.WrongChecksum;
        }

        var body = frame[Overhead..];
        switch (header.Algorithm)
        {
            case CompressionAlgorithm.None:
                body.CopyTo(payload);
                return FrameStatus.Ok;
            case CompressionAlgorithm.Deflate:
                return Inflater.Inflate(body, payload, out var used, out var made) == InflateStatus.Done && used == body.Length && made == payload.Length
                    ? FrameStatus.Ok
                    : FrameStatus.WrongBody;
            default:
                return System.IO.Compression.BrotliDecoder.TryDecompress(body, payload, out var written) && written == payload.Length
                    ? FrameStatus.Ok
                    : FrameStatus.WrongBody;
        }
    }

    private bool IsTooDense(int raw, int body) => raw > (long)_options.MaxRatio * (Overhead + body);

    // The length of the body; zero if it did not fit.
    private int Compress(CompressionAlgorithm algorithm, ReadOnlySpan<byte> payload, Span<byte> body)
    {
        if (algorithm == CompressionAlgorithm.Deflate)
        {
            return DeflateEncoder.Compress(payload, body, _options.DeflateLevel);
        }

        var window = BrotliWindow.For(payload.Length);
        return System.IO.Compression.BrotliEncoder.TryCompress(payload, body, out var written, _options.BrotliQuality, window) ? written : 0;
    }

    private void ThrowTooLong(int length) => throw new ArgumentException(
        FormattableString.Invariant($"The payload has {length} bytes; {nameof(CompressionOptions)}.{nameof(CompressionOptions.MaxRawLength)} is {_options.MaxRawLength}."));
}
