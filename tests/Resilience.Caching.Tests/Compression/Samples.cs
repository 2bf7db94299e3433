using System.Text;

namespace Resilience.Caching.Tests.Compression;

/// <summary>Payloads to compress.</summary>
internal static class Samples
{
    /// <summary>JSON of exactly so many bytes, the same each time.</summary>
    internal static byte[] Json(int length, int seed = 1)
    {
        var random = new Random(seed);
        var text = new StringBuilder("[");
        while (text.Length < length)
        {
            text.Append(FormattableString.Invariant(
                $"{{\"id\":{random.Next()},\"name\":\"item {random.Next(1000)}\",\"active\":{(random.Next(2) == 0 ? "true" : "false")},\"price\":{random.Next(100_000) / 100.0}}},"));
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }

    /// <summary>Bytes that no compressor makes smaller.</summary>
    internal static byte[] Noise(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Bytes whose frequencies fall by half, so that some prefix codes are long.</summary>
    internal static byte[] Skewed(int length, int seed = 1)
    {
        var random = new Random(seed);
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)System.Numerics.BitOperations.TrailingZeroCount(random.Next() | (1 << 24));
        }

        return bytes;
    }

    /// <summary>The payload's frame.</summary>
    internal static byte[] Frame(this PayloadCodec codec, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[payload.Length + PayloadCodec.Overhead];
        Assert.True(codec.TryEncode(payload, frame, out var written));
        return frame[..written];
    }
}
