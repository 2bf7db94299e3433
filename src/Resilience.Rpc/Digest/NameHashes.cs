using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Resilience.Rpc;

/// <summary>
/// The hashes of names, which come again and again: those of up to 16 bytes are remembered in 64 places, each compared in full. Who sends
/// names that share a place gains nothing but that they are hashed anew. Not safe for concurrent use; allocates once.
/// </summary>
internal sealed class NameHashes(SipKey key)
{
    private const int Places = 64;
    private const int MostBytes = 16;
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;
    private const int PlaceShift = 64 - 6;
    private readonly Entry[] _entries = new Entry[Places];

    /// <summary>The hash of a name, without escapes.</summary>
    internal Hash128 Of(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > MostBytes)
        {
            return Hashed(name);
        }

        // Both ends in one word each: they overlap or meet, so that together with the length they are the name.
        var isShort = name.Length < sizeof(ulong);
        var first = isShort ? SipHash.Tail(name) : BinaryPrimitives.ReadUInt64LittleEndian(name);
        var last = isShort ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(name[^sizeof(ulong)..]);
        ref var entry = ref _entries[((first ^ (last * Spread) ^ (ulong)name.Length) * Spread) >> PlaceShift];
        if (entry.First != first || entry.Last != last || entry.Length != name.Length)
        {
            entry = new Entry(first, last, name.Length, Hashed(name));
        }

        return entry.Hash;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Hash128 Hashed(ReadOnlySpan<byte> name) => SipHash.Of(key, (ulong)JsonTokenType.PropertyName, name);

    private readonly record struct Entry(ulong First, ulong Last, int Length, Hash128 Hash);
}
