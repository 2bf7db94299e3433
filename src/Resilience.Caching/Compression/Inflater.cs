using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Resilience.Caching;

/// <summary>
/// Deflate streams (RFC 1951) from one span into another. The base library inflates through streams only, which allocate and set up 40 KiB of
/// native state for each payload; this holds 9 KiB of stack. It accepts what zlib accepts and nothing else.
/// </summary>
internal static class Inflater
{
    /// <summary>Inflates one stream. It never writes beyond the destination.</summary>
    /// <param name="source">The stream; what follows it is not looked at.</param>
    /// <param name="destination">Room for the content.</param>
    /// <param name="used">How many bytes the stream has; zero unless done.</param>
    /// <param name="written">The length of the content; zero unless done.</param>
    [SkipLocalsInit]
    internal static InflateStatus Inflate(ReadOnlySpan<byte> source, Span<byte> destination, out int used, out int written)
    {
        (used, written) = (0, 0);
        Span<uint> fast = stackalloc uint[2 * HuffmanCode.FastLength];
        Span<ushort> symbols = stackalloc ushort[DeflateSymbol.Literals + DeflateSymbol.Distances];
        Span<ushort> counts = stackalloc ushort[2 * (HuffmanCode.MaxBits + 1)];
        var literals = new HuffmanCode(fast[..HuffmanCode.FastLength], symbols[..DeflateSymbol.Literals], counts[..(HuffmanCode.MaxBits + 1)]);
        var distances = new HuffmanCode(fast[HuffmanCode.FastLength..], symbols[DeflateSymbol.Literals..], counts[(HuffmanCode.MaxBits + 1)..]);
        scoped var bits = new BitSource(source);
        var at = 0;
        for (var isLast = false; !isLast;)
        {
            bits.Refill();
            isLast = bits.Take(1) != 0;
            var kind = bits.Take(2);
            var status = bits.IsOverdrawn ? InflateStatus.Truncated : kind switch
            {
                0 => CopyStored(ref bits, destination, ref at),
                1 => DeflateCodes.BuildFixed(ref literals, ref distances),
                2 => DeflateCodes.BuildDynamic(ref bits, ref literals, ref distances),
                _ => InflateStatus.Invalid,
            };
            if (status == InflateStatus.Done && kind != 0)
            {
                status = DeflateBlock.Decode(ref bits, literals, distances, destination, ref at);
            }

            if (status != InflateStatus.Done)
            {
                return status;
            }
        }

        (used, written) = (bits.Used, at);
        return InflateStatus.Done;
    }

    private static InflateStatus CopyStored(scoped ref BitSource bits, Span<byte> destination, ref int at)
    {
        var rest = bits.Align();
        if (rest.Length < 4)
        {
            return InflateStatus.Truncated;
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        if (length != (ushort)~BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]))
        {
            return InflateStatus.Invalid;
        }

        if (length > rest.Length - 4)
        {
            return InflateStatus.Truncated;
        }

        if (length > destination.Length - at)
        {
            return InflateStatus.TooLong;
        }

        rest.Slice(4, length).CopyTo(destination[at..]);
        at += length;
        bits.At += 4 + length;
        return InflateStatus.Done;
    }
}
