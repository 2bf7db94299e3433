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
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;
    private const int PlaceShift = 64 - 6;
    private readonly SipHash _empty = new(key, (ulong)JsonTokenType.PropertyName);
    private readonly Entry[] _entries = new Entry[Places];

    /// <summary>The hash of a name, without escapes.</summary>
    /// <param name="name">The name.</param>
    /// <param name="words">The same in words.</param>
    internal Hash128 Of(ReadOnlySpan<byte> name, in NameWords words)
    {
        if (words.Length == 0)
        {
            return Hashed(name);
        }

        ref var entry = ref _entries[((words.First ^ (words.Last * Spread) ^ (ulong)words.Length) * Spread) >> PlaceShift];
        if (entry.Words != words)
        {
            entry = new Entry(words, Hashed(name));
        }

        return entry.Hash;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Hash128 Hashed(ReadOnlySpan<byte> name) => _empty.With(name);

    private readonly record struct Entry(NameWords Words, Hash128 Hash);
}
