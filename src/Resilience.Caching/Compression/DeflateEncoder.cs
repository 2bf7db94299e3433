using System.IO.Compression;

namespace Resilience.Caching;

/// <summary>Deflate from span to span, by the base library's stream over a pooled one of ours. Allocates that stream, some 300 bytes.</summary>
internal static class DeflateEncoder
{
    private static readonly ZLibCompressionOptions[] s_levels = [.. Enumerable.Range(0, 10).Select(level => new ZLibCompressionOptions { CompressionLevel = level })];
    private static BoundedStream? s_idle;

    /// <summary>Compresses at a level from 1 to 9.</summary>
    /// <returns>How many bytes were written; zero if the room did not suffice.</returns>
    internal static unsafe int Compress(ReadOnlySpan<byte> payload, Span<byte> destination, int level)
    {
        var target = Interlocked.Exchange(ref s_idle, null) ?? new BoundedStream();
        fixed (byte* memory = destination)
        {
            target.Open(memory, destination.Length);
            using (var stream = new DeflateStream(target, s_levels[level], leaveOpen: true))
            {
                stream.Write(payload);
            }

            var written = target.IsOverfull ? 0 : (int)target.Written;
            target.Open(null, 0);
            Volatile.Write(ref s_idle, target);
            return written;
        }
    }
}
