using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Resilience.Rpc;

/// <summary>
/// SipHash-1-3 with 128 bits of output: a keyed pseudorandom function that is quick on short inputs (Aumasson and Bernstein, 2012; their
/// reference for the long output; the rounds as in the hash tables of Rust and Python). A value that takes whole words; the last, partial
/// one ends it. Not safe for concurrent use.
/// </summary>
internal struct SipHash
{
    private const ulong LongOutput = 0xee;
    private const ulong SecondHalf = 0xdd;
    private const int LengthShift = 56;

    // Not readonly: each word changes all four. The methods work on copies, which the compiler keeps in registers.
    private ulong _v0;
    private ulong _v1;
    private ulong _v2;
    private ulong _v3;
    private ulong _words;

    internal SipHash(SipKey key, ulong head)
    {
        Start(key, out _v0, out _v1, out _v2, out _v3);
        Add(head, ref _v0, ref _v1, ref _v2, ref _v3);
        _words = 1;
    }

    /// <summary>The hash of the eight bytes of <paramref name="head"/>, little-endian, and <paramref name="bytes"/> after them.</summary>
    internal static Hash128 Of(SipKey key, ulong head, ReadOnlySpan<byte> bytes) => new SipHash(key, head).With(bytes);

    /// <summary>The hash of what was added and <paramref name="bytes"/> after it; adds nothing itself.</summary>
    // Not inlined, here and below: within a large method the compiler runs out of budget for the rounds, and calls them one by one.
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal readonly Hash128 With(ReadOnlySpan<byte> bytes)
    {
        var (v0, v1, v2, v3) = (_v0, _v1, _v2, _v3);
        var last = ((_words * sizeof(ulong)) + (ulong)bytes.Length) << LengthShift;
        while (bytes.Length >= sizeof(ulong))
        {
            Add(BinaryPrimitives.ReadUInt64LittleEndian(bytes), ref v0, ref v1, ref v2, ref v3);
            bytes = bytes[sizeof(ulong)..];
        }

        return Finish(last | Tail(bytes), v0, v1, v2, v3);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Add(Hash128 hash)
    {
        var (v0, v1, v2, v3) = (_v0, _v1, _v2, _v3);
        Add(hash.First, ref v0, ref v1, ref v2, ref v3);
        Add(hash.Second, ref v0, ref v1, ref v2, ref v3);
        (_v0, _v1, _v2, _v3) = (v0, v1, v2, v3);
        _words += 2;
    }

    /// <summary>The hash of what was added and the hashes of names and values after it, but for the values that are not compared.</summary>
    /// <param name="members">The members.</param>
    /// <param name="order">The places of the members, in the order in which they are taken.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal readonly Hash128 With(ReadOnlySpan<DigestMember> members, ReadOnlySpan<byte> order)
    {
        var (v0, v1, v2, v3) = (_v0, _v1, _v2, _v3);
        var words = _words;
        for (var i = 0; i < members.Length; i++)
        {
            ref readonly var member = ref members[order.IsEmpty ? i : order[i]];
            if (member.Value != default)
            {
                Add(member.Name.First, ref v0, ref v1, ref v2, ref v3);
                Add(member.Name.Second, ref v0, ref v1, ref v2, ref v3);
                Add(member.Value.First, ref v0, ref v1, ref v2, ref v3);
                Add(member.Value.Second, ref v0, ref v1, ref v2, ref v3);
                words += 4;
            }
        }

        return Finish((words * sizeof(ulong)) << LengthShift, v0, v1, v2, v3);
    }

    /// <summary>Gives the hash of what was added.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal readonly Hash128 Finish() => Finish((_words * sizeof(ulong)) << LengthShift, _v0, _v1, _v2, _v3);

    /// <summary>The last 0 to 7 bytes, little-endian, in at most two overlapping reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Tail(ReadOnlySpan<byte> bytes)
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
    private static void Start(SipKey key, out ulong v0, out ulong v1, out ulong v2, out ulong v3)
    {
        v0 = key.K0 ^ 0x736f_6d65_7073_6575;
        v1 = key.K1 ^ 0x646f_7261_6e64_6f6d ^ LongOutput;
        v2 = key.K0 ^ 0x6c79_6765_6e65_7261;
        v3 = key.K1 ^ 0x7465_6462_7974_6573;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ulong word, ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v3 ^= word;
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Hash128 Finish(ulong last, ulong v0, ulong v1, ulong v2, ulong v3)
    {
        Add(last, ref v0, ref v1, ref v2, ref v3);
        v2 ^= LongOutput;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        var first = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= SecondHalf;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        return new Hash128(first, v0 ^ v1 ^ v2 ^ v3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v2 += v3;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
