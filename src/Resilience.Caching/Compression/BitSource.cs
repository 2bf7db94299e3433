using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Resilience.Caching;

/// <summary>
/// The bits of a Deflate stream, lowest of each byte first. Past the end there are zeros; <see cref="IsOverdrawn"/> says that some were taken.
/// </summary>
internal ref struct BitSource
{
    internal readonly ReadOnlySpan<byte> Source;

    // Mutable: a hot loop keeps them in registers and puts them back.
    internal int At;

    // Bits above Count are either zero or those of the bytes at At: reading the same bytes over them changes nothing.
    internal ulong Bits;
    internal int Count;

    internal BitSource(ReadOnlySpan<byte> source) => Source = source;

    internal readonly bool IsOverdrawn => Count < 0;

    /// <summary>How many bytes were taken, a started one counted as whole.</summary>
    internal readonly int Used => At - (Count >> 3);

    /// <summary>Gets at least 56 bits ready, or all that are left.</summary>
    internal void Refill()
    {
        if (Source.Length - At < sizeof(ulong) || Count < 0)
        {
            RefillFromTail();
            return;
        }

        Bits |= BinaryPrimitives.ReadUInt64LittleEndian(Source[At..]) << Count;
        At += (63 - Count) >> 3;
        Count |= 56;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Skip(int count)
    {
        Bits >>= count;
        Count -= count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Take(int count)
    {
        var value = (int)((uint)Bits & ((1u << count) - 1));
        Skip(count);
        return value;
    }

    /// <summary>Drops the rest of the started byte and returns all bytes that follow.</summary>
    internal ReadOnlySpan<byte> Align()
    {
        At -= Count >> 3;
        (Bits, Count) = (0, 0);
        return Source[At..];
    }

    private void RefillFromTail()
    {
        while (Count is >= 0 and <= 55 && At < Source.Length)
        {
            Bits |= (ulong)Source[At++] << Count;
            Count += 8;
        }
    }
}
