using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Resilience.Caching;

/// <summary>
/// Deflate streams (RFC 1951) from one span into another. The base library inflates through streams only, which allocate and set up 40 KiB of
/// native state for each payload; this holds 6 KiB of stack. It accepts what zlib accepts and nothing else.
/// </summary>
internal static class Inflater
{
    private const int EndOfBlock = DeflateCodes.EndOfBlock;
    private const int FirstLength = 257;

    private static ReadOnlySpan<ushort> LengthBase =>
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];

    private static ReadOnlySpan<byte> LengthExtra => [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    private static ReadOnlySpan<ushort> DistanceBase =>
    [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
    ];

    private static ReadOnlySpan<byte> DistanceExtra =>
        [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];

    /// <summary>Inflates one stream. It never writes beyond the destination.</summary>
    /// <param name="source">The stream; what follows it is not looked at.</param>
    /// <param name="destination">Room for the content.</param>
    /// <param name="used">How many bytes the stream has; zero unless done.</param>
    /// <param name="written">The length of the content; zero unless done.</param>
    [SkipLocalsInit]
    internal static InflateStatus Inflate(ReadOnlySpan<byte> source, Span<byte> destination, out int used, out int written)
    {
        (used, written) = (0, 0);
        Span<ushort> memory = stackalloc ushort[
            (2 * HuffmanCode.FastLength) + DeflateCodes.Literals + DeflateCodes.Distances + (2 * (HuffmanCode.MaxBits + 1))];
        var literals = Carve(ref memory, DeflateCodes.Literals);
        var distances = Carve(ref memory, DeflateCodes.Distances);
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
                1 => DeflateCodes.BuildFixed(literals, distances),
                2 => DeflateCodes.BuildDynamic(ref bits, literals, distances),
                _ => InflateStatus.Invalid,
            };
            if (status == InflateStatus.Done && kind != 0)
            {
                status = Decode(ref bits, literals, distances, destination, ref at);
            }

            if (status != InflateStatus.Done)
            {
                return status;
            }
        }

        (used, written) = (bits.Used, at);
        return InflateStatus.Done;
    }

    private static HuffmanCode Carve(ref Span<ushort> memory, int symbols)
    {
        var code = new HuffmanCode(
            memory[..HuffmanCode.FastLength],
            memory.Slice(HuffmanCode.FastLength, symbols),
            memory.Slice(HuffmanCode.FastLength + symbols, HuffmanCode.MaxBits + 1));
        memory = memory[(HuffmanCode.FastLength + symbols + HuffmanCode.MaxBits + 1)..];
        return code;
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
        bits.Advance(4 + length);
        return InflateStatus.Done;
    }

    private static InflateStatus Decode(
        scoped ref BitSource source, HuffmanCode literals, HuffmanCode distances, Span<byte> destination, ref int start)
    {
        // A copy that the compiler may keep in registers; two codes with their extra bits take at most 48 of the 56 refilled.
        var bits = source;
        var at = start;
        while (true)
        {
            bits.Refill();
            var symbol = literals.Take(ref bits);
            if (bits.IsOverdrawn)
            {
                return InflateStatus.Truncated;
            }

            if ((uint)symbol < EndOfBlock)
            {
                if ((uint)at >= (uint)destination.Length)
                {
                    return InflateStatus.TooLong;
                }

                destination[at++] = (byte)symbol;
                continue;
            }

            if (symbol == EndOfBlock)
            {
                source = bits;
                start = at;
                return InflateStatus.Done;
            }

            if ((uint)(symbol - FirstLength) >= (uint)LengthBase.Length)
            {
                return InflateStatus.Invalid;
            }

            var length = LengthBase[symbol - FirstLength] + bits.Take(LengthExtra[symbol - FirstLength]);
            symbol = distances.Take(ref bits);
            var isDistance = (uint)symbol < (uint)DistanceBase.Length;
            var distance = isDistance ? DistanceBase[symbol] + bits.Take(DistanceExtra[symbol]) : 0;
            if (bits.IsOverdrawn)
            {
                return InflateStatus.Truncated;
            }

            if (!isDistance || distance > at)
            {
                return InflateStatus.Invalid;
            }

            if (length > destination.Length - at)
            {
                return InflateStatus.TooLong;
            }

            Repeat(destination, at, distance, length);
            at += length;
        }
    }

    // The source may reach into what is being written: then the pattern of `distance` bytes goes on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Repeat(Span<byte> destination, int at, int distance, int length)
    {
        var from = at - distance;
        if (distance >= length)
        {
            destination.Slice(from, length).CopyTo(destination[at..]);
            return;
        }

        for (var i = 0; i < length; i++)
        {
            destination[at + i] = destination[from + i];
        }
    }
}
