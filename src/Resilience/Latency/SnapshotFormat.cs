using System.Buffers.Binary;
using System.Numerics;

namespace Resilience;

/// <summary>The parts of a snapshot's bytes.</summary>
internal static class SnapshotFormat
{
    /// <summary>Writes a base-128 number, low part first.</summary>
    internal static bool TryWrite(Span<byte> destination, ref int at, uint value)
    {
        for (; at < destination.Length; value >>= 7)
        {
            destination[at++] = (byte)(value < 0x80 ? value : value | 0x80);
            if (value < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a base-128 number of at most 32 bits in its shortest form.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> source, ref int at, out uint value)
    {
        var bits = 0UL;
        for (var shift = 0; shift < 35 && at < source.Length; shift += 7)
        {
            var part = source[at++];
            bits |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                value = (uint)bits;

                // A longer form than needed would give one histogram two snapshots.
                return bits <= uint.MaxValue && (part != 0 || shift == 0);
            }
        }

        value = 0;
        return false;
    }

    /// <summary>The CRC-32C of <paramref name="bytes"/>.</summary>
    internal static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
