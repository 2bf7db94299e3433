using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Resilience.Caching;

/// <summary>
/// Ordinal strings and spans of characters, hashed 16 bytes at a step by folded 128-bit products with a secret of this process, so that
/// nobody outside can choose keys that collide.
/// </summary>
/// <remarks>Stateless; allocates nothing for a span. O(length). Source of the step: Wang Yi, wyhash.</remarks>
internal sealed class OrdinalKeys : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<char>, string>
{
    internal static readonly OrdinalKeys Instance = new();
    private const ulong First = 0xA076_1D64_78BD_642F;
    private const ulong Second = 0xE703_7ED1_A0B4_28DB;
    private static readonly ulong s_secret = MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private OrdinalKeys()
    {
    }

    public bool Equals(string? x, string? y) => string.Equals(x, y);

    public int GetHashCode(string obj) => Hash(obj);

    public string Create(ReadOnlySpan<char> alternate) => alternate.ToString();

    public bool Equals(ReadOnlySpan<char> alternate, string other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<char> alternate) => Hash(alternate);

    internal static int Hash(ReadOnlySpan<char> text)
    {
        ref var at = ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(text));
        var left = (nuint)text.Length * sizeof(char);
        var state = s_secret ^ (left * First);
        while (left > 16)
        {
            state = Fold(Word(ref at) ^ First, Word(ref Unsafe.Add(ref at, 8)) ^ state);
            at = ref Unsafe.Add(ref at, 16);
            left -= 16;
        }

        var (low, high) = Tail(ref at, left);
        return (int)(Fold(Fold(low ^ Second, high ^ state), First) >> 16);
    }

    // The last bytes, read as two words that may overlap.
    private static (ulong Low, ulong High) Tail(ref byte at, nuint left) => left switch
    {
        >= 8 => (Word(ref at), Word(ref Unsafe.Add(ref at, left - 8))),
        >= 4 => (Half(ref at), Half(ref Unsafe.Add(ref at, left - 4))),
        >= 2 => (Unsafe.As<byte, char>(ref at), 0),
        _ => default,
    };

    private static ulong Fold(ulong a, ulong b) => Math.BigMul(a, b, out var low) ^ low;

    private static ulong Word(ref byte at) => Unsafe.ReadUnaligned<ulong>(ref at);

    private static ulong Half(ref byte at) => Unsafe.ReadUnaligned<uint>(ref at);
}
