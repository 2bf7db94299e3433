using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Resilience.Caching;

/// <summary>The content of a compressed Deflate block: literals and repetitions (RFC 1951 §3.2.3).</summary>
internal static class DeflateBlock
{
    private const int Longest = 258;
    private const int Word = sizeof(ulong);

    /// <summary>Decodes up to the block's end.</summary>
    internal static InflateStatus Decode(
        scoped ref BitSource bits, scoped in HuffmanCode literals, scoped in HuffmanCode distances, Span<byte> destination, ref int at)
    {
        while (true)
        {
            var status = DecodeFast(ref bits, literals, distances, destination, ref at, out var isOver);
            if (isOver)
            {
                return status;
            }

            bits.Refill();
            var symbol = literals.Take(ref bits);
            if (bits.IsOverdrawn)
            {
                return InflateStatus.Truncated;
            }

            if ((symbol & DeflateSymbol.Literal) != 0)
            {
                if ((uint)at >= (uint)destination.Length)
                {
                    return InflateStatus.TooLong;
                }

                destination[at++] = (byte)DeflateSymbol.Value(symbol);
                continue;
            }

            if ((symbol & DeflateSymbol.Base) == 0)
            {
                return (symbol & DeflateSymbol.EndOfBlock) != 0 ? InflateStatus.Done : InflateStatus.Invalid;
            }

            var length = DeflateSymbol.Value(symbol) + bits.Take(DeflateSymbol.ExtraBits(symbol));
            symbol = distances.Take(ref bits);
            var distance = DeflateSymbol.Value(symbol) + bits.Take(DeflateSymbol.ExtraBits(symbol));
            if (bits.IsOverdrawn)
            {
                return InflateStatus.Truncated;
            }

            if (symbol == DeflateSymbol.Invalid || distance > at)
            {
                return InflateStatus.Invalid;
            }

            if (length > destination.Length - at)
            {
                return InflateStatus.TooLong;
            }

            for (var end = at + length; at < end; at++)
            {
                destination[at] = destination[at - distance];
            }
        }
    }

    // As long as eight bytes can be read and the longest repetition written, nothing needs to be checked but the distance. Both codes with
    // their extra bits take at most 48 of the 56 that are refilled; three short literals take 30.
    private static InflateStatus DecodeFast(
        scoped ref BitSource source, scoped in HuffmanCode literals, scoped in HuffmanCode distances, Span<byte> destination, ref int start, out bool isOver)
    {
        isOver = false;
        var sourceEnd = source.Source.Length - Word;
        var destinationEnd = destination.Length - Longest - Word;
        if (source.At > sourceEnd || start > destinationEnd)
        {
            return InflateStatus.Done;
        }

        ref var input = ref MemoryMarshal.GetReference(source.Source);
        ref var output = ref MemoryMarshal.GetReference(destination);
        ref var literalTable = ref MemoryMarshal.GetReference(literals.Fast);
        ref var distanceTable = ref MemoryMarshal.GetReference(distances.Fast);

        // Locals whose address nobody takes stay in registers.
        var (bits, count, from, at) = (source.Bits, source.Count, source.At, start);
        var status = InflateStatus.Done;
        while (from <= sourceEnd && at <= destinationEnd)
        {
            bits |= LittleEndian(ref Unsafe.Add(ref input, from)) << count;
            from += (63 - count) >> 3;
            count |= 56;
            var symbol = Unsafe.Add(ref literalTable, (nint)(bits & (HuffmanCode.FastLength - 1)));
            if ((symbol & DeflateSymbol.Literal) != 0)
            {
                Unsafe.Add(ref output, at++) = (byte)DeflateSymbol.Value(symbol);
                bits >>= (int)symbol;
                count -= DeflateSymbol.CodeLength(symbol);
                symbol = Unsafe.Add(ref literalTable, (nint)(bits & (HuffmanCode.FastLength - 1)));
                if ((symbol & DeflateSymbol.Literal) == 0)
                {
                    continue;
                }

                Unsafe.Add(ref output, at++) = (byte)DeflateSymbol.Value(symbol);
                bits >>= (int)symbol;
                count -= DeflateSymbol.CodeLength(symbol);
                symbol = Unsafe.Add(ref literalTable, (nint)(bits & (HuffmanCode.FastLength - 1)));
                if ((symbol & DeflateSymbol.Literal) != 0)
                {
                    Unsafe.Add(ref output, at++) = (byte)DeflateSymbol.Value(symbol);
                    bits >>= (int)symbol;
                    count -= DeflateSymbol.CodeLength(symbol);
                }

                continue;
            }

            if (symbol == 0)
            {
                (source.Bits, source.Count) = (bits, count);
                symbol = literals.TakeLong(ref source);
                (bits, count) = (source.Bits, source.Count);
                if ((symbol & DeflateSymbol.Literal) != 0)
                {
                    Unsafe.Add(ref output, at++) = (byte)DeflateSymbol.Value(symbol);
                    continue;
                }
            }
            else
            {
                bits >>= (int)symbol;
                count -= DeflateSymbol.CodeLength(symbol);
            }

            if ((symbol & DeflateSymbol.Base) == 0)
            {
                isOver = true;
                status = (symbol & DeflateSymbol.EndOfBlock) != 0 ? InflateStatus.Done : InflateStatus.Invalid;
                break;
            }

            var extra = DeflateSymbol.ExtraBits(symbol);
            var length = DeflateSymbol.Value(symbol) + (int)(bits & ((1UL << extra) - 1));
            bits >>= extra;
            count -= extra;
            symbol = Unsafe.Add(ref distanceTable, (nint)(bits & (HuffmanCode.FastLength - 1)));
            if (symbol == 0)
            {
                (source.Bits, source.Count) = (bits, count);
                symbol = distances.TakeLong(ref source);
                (bits, count) = (source.Bits, source.Count);
            }
            else
            {
                bits >>= (int)symbol;
                count -= DeflateSymbol.CodeLength(symbol);
            }

            extra = DeflateSymbol.ExtraBits(symbol);
            var distance = DeflateSymbol.Value(symbol) + (int)(bits & ((1UL << extra) - 1));
            bits >>= extra;
            count -= extra;
            if (symbol == DeflateSymbol.Invalid || distance > at)
            {
                isOver = true;
                status = InflateStatus.Invalid;
                break;
            }

            Repeat(ref Unsafe.Add(ref output, at), distance, length);
            at += length;
        }

        (source.Bits, source.Count, source.At, start) = (bits, count, from, at);
        return status;
    }

    // The source may reach into what is being written: then the pattern of `distance` bytes goes on. Up to seven bytes too many are written,
    // for which the caller has made sure that there is room.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Repeat(ref byte target, int distance, int length)
    {
        ref var from = ref Unsafe.Subtract(ref target, distance);
        if (distance >= Word)
        {
            for (var i = 0; i < length; i += Word)
            {
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, i), Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref from, i)));
            }

            return;
        }

        for (var i = 0; i < length; i++)
        {
            Unsafe.Add(ref target, i) = Unsafe.Add(ref from, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong LittleEndian(ref byte at)
    {
        var word = Unsafe.ReadUnaligned<ulong>(ref at);
        return BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word);
    }
}
