using System.Buffers.Binary;
using System.Numerics;

namespace Resilience.Caching;

/// <summary>
/// CRC-32C (Castagnoli, reflected, RFC 3720 §B.4): finds every change of up to 32 neighbouring bits, and with the processor's own
/// instruction reads eight bytes at a time.
/// </summary>
internal static class Crc32C
{
    internal const uint Start = uint.MaxValue;

    internal static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }

    internal static uint End(uint crc) => ~crc;
}
