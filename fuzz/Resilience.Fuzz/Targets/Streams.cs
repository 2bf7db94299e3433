using System.IO.Compression;
using Resilience.Caching;

namespace Resilience.Fuzz.Targets;

/// <summary>The base library's compression, as an oracle.</summary>
public static class Streams
{
    // Else a stream without its end counts as one that ends there.
    static Streams() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    /// <summary>The content of a stream, cut at a limit; null if it is malformed.</summary>
    /// <param name="algorithm">How it is compressed.</param>
    /// <param name="body">The stream.</param>
    /// <param name="limit">After how many bytes to stop.</param>
    public static byte[]? Decompress(CompressionAlgorithm algorithm, ReadOnlySpan<byte> body, int limit)
    {
        using var source = new MemoryStream(body.ToArray());
        using Stream stream = algorithm switch
        {
            CompressionAlgorithm.Deflate => new DeflateStream(source, CompressionMode.Decompress),
            CompressionAlgorithm.Brotli => new BrotliStream(source, CompressionMode.Decompress),
            _ => source,
        };
        var content = new byte[limit];
        try
        {
            return content[..stream.ReadAtLeast(content, limit, throwOnEndOfStream: false)];
        }
        catch (Exception error) when (error is InvalidDataException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A Deflate stream.</summary>
    /// <param name="payload">Its content.</param>
    /// <param name="level">From 0, which stores, to 9.</param>
    public static byte[] Deflate(ReadOnlySpan<byte> payload, int level)
    {
        using var target = new MemoryStream();
        using (var stream = new DeflateStream(target, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true))
        {
            stream.Write(payload);
        }

        return target.ToArray();
    }
}
