using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Resilience.Caching;

/// <summary>
/// Ordinal strings and spans of characters, hashed 32 bytes at a step by two folded 128-bit products side by side. What each factor is mixed with is a
/// secret of this process: nobody outside can choose keys that collide, nor one whose words make a factor zero.
/// </summary>
/// <remarks>Stateless; allocates nothing for a span. O(length). Source of the step: Wang Yi, wyhash.</remarks>
internal sealed class OrdinalKeys : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<char>, string>
{
    internal static readonly OrdinalKeys Instance = new();
    private const ulong LengthStep = 0xA076_1D64_78BD_642F;

    // One by one, so that the machine code has them as constants.
    private static readonly ulong s_firstLane = Secret();
    private static readonly ulong s_secondLane = Secret();
    private static readonly ulong s_firstWord = Secret();
    private static readonly ulong s_secondWord = Secret();

    private OrdinalKeys()
    {
    }

    public bool Equals(string? x, string? y) => string.Equals(x, y);

    public int GetHashCode(string obj) => (int)Hash(obj);

    public string Create(ReadOnlySpan<char> alternate) => alternate.ToString();

    public bool Equals(ReadOnlySpan<char> alternate, string other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<char> alternate) => (int)Hash(alternate);

    internal static uint Hash(ReadOnlySpan<char> text)
    {
        ref var at = ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(text));
        var left = (nuint)text.Length * sizeof(char);
        var (first, second) = (s_firstLane ^ (left * LengthStep), s_secondLane);
        while (left > 32)
        {
            first = Fold(Word(ref at) ^ s_firstWord, Word(ref Unsafe.Add(ref at, 8)) ^ first);
            second = Fold(Word(ref Unsafe.Add(ref at, 16)) ^ s_secondWord, Word(ref Unsafe.Add(ref at, 24)) ^ second);
            at = ref Unsafe.Add(ref at, 32);
            left -= 32;
        }

        // The last bytes, read as words that may overlap.
        if (left > 16)
        {
            second = Fold(Word(ref at) ^ s_secondWord, Word(ref Unsafe.Add(ref at, 8)) ^ second);
            at = ref Unsafe.Add(ref at, left - 16);
            left = 16;
        }

        var (low, high) = Tail(ref at, left);
        first = Fold(low ^ s_firstWord, high ^ first);
        return (uint)(Fold(first ^ s_secondWord, second ^ s_firstWord) >> 32);
    }

    private static (ulong Low, ulong High) Tail(ref byte at, nuint left) => left switch
    {
        >= 8 => (Word(ref at), Word(ref Unsafe.Add(ref at, left - 8))),
        >= 4 => (Half(ref at), Half(ref Unsafe.Add(ref at, left - 4))),
        >= 2 => (Unsafe.As<byte, char>(ref at), 0),
        _ => default,
    };

    private static ulong Secret() => MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private static ulong Fold(ulong a, ulong b) => Math.BigMul(a, b, out var low) ^ low;

    private static ulong Word(ref byte at) => Unsafe.ReadUnaligned<ulong>(ref at);

    private static ulong Half(ref byte at) => Unsafe.ReadUnaligned<uint>(ref at);
}
