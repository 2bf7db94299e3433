using System.Numerics;

namespace Resilience.Caching;

/// <summary>The window of a Brotli stream: the least that reaches over the payload, so that the encoder clears and the decoder holds no more.</summary>
internal static class BrotliWindow
{
    private const int Least = 10;
    private const int Most = 24;

    // RFC 7932 §9.1: a window of b bits reaches back 2^b - 16 bytes.
    private const int Short = 16;

    internal static int For(int length) => Math.Clamp(BitOperations.Log2((uint)length + Short - 1) + 1, Least, Most);
}
