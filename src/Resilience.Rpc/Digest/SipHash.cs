using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Resilience.Rpc;

/// <summary>
/// SipHash-2-4 with 128 bits of output: a keyed pseudorandom function that is quick on short inputs (Aumasson and Bernstein, 2012, and
/// their reference for the long output). A value that takes whole words; the last, partial one ends it. Not safe for concurrent use.
/// </summary>
internal struct SipHash
{
    private const ulong LongOutput = 0xee;
    private const ulong SecondHalf = 0xdd;
    private const int LengthShift = 56;

    // Not readonly: each word changes all four.
    private ulong _v0;
    private ulong _v1;
    private ulong _v2;
    private ulong _v3;
    private ulong _words;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal SipHash(SipKey key)
    {
        _v0 = key.K0 ^ 0x736f_6d65_7073_6575;
        _v1 = key.K1 ^ 0x646f_7261_6e64_6f6d ^ LongOutput;
        _v2 = key.K0 ^ 0x6c79_6765_6e65_7261;
        _v3 = key.K1 ^ 0x7465_6462_7974_6573;
    }

    /// <summary>The hash of the eight bytes of <paramref name="head"/>, little-endian, and <paramref name="bytes"/> after them.</summary>
    internal static Hash128 Of(SipKey key, ulong head, ReadOnlySpan<byte> bytes)
    {
        var hash = new SipHash(key);
        hash.Add(head);
        return hash.Finish(bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(ulong word)
    {
        _v3 ^= word;
        Round();
        Round();
        _v0 ^= word;
        _words++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(Hash128 hash)
    {
        Add(hash.First);
        Add(hash.Second);
    }

    /// <summary>Takes the rest of the input and gives the hash; the value is spent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Hash128 Finish(ReadOnlySpan<byte> bytes = default)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            Add(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        var length = (_words * sizeof(ulong)) + (uint)bytes.Length;
        Add((length << LengthShift) | Tail(bytes));
        _v2 ^= LongOutput;
        var first = Close();
        _v1 ^= SecondHalf;
        return new Hash128(first, Close());
    }

    // The last 0 to 7 bytes, little-endian, in at most two overlapping reads.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Tail(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= sizeof(uint))
        {
            var low = (ulong)BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            var high = (ulong)BinaryPrimitives.ReadUInt32LittleEndian(bytes[^sizeof(uint)..]);
            return low | (high << ((bytes.Length - sizeof(uint)) * 8));
        }

        return bytes.IsEmpty
            ? 0
            : bytes[0] | ((ulong)bytes[bytes.Length >> 1] << ((bytes.Length >> 1) * 8)) | ((ulong)bytes[^1] << ((bytes.Length - 1) * 8));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Close()
    {
        Round();
        Round();
        Round();
        Round();
        return _v0 ^ _v1 ^ _v2 ^ _v3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Round()
    {
        _v0 += _v1;
        _v2 += _v3;
        _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
        _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
        _v0 = BitOperations.RotateLeft(_v0, 32);
        _v2 += _v1;
        _v0 += _v3;
        _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
        _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
        _v2 = BitOperations.RotateLeft(_v2, 32);
    }
}
