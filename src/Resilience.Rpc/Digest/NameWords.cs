using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Resilience.Rpc;

/// <summary>
/// A name of up to 16 bytes in two words: both ends, which overlap or meet, so that together with the length they are the name.
/// </summary>
/// <param name="First">The first eight bytes, or all of a shorter name.</param>
/// <param name="Last">The last eight; zero for a shorter name.</param>
/// <param name="Length">How many bytes; zero says that there is no name.</param>
internal readonly record struct NameWords(ulong First, ulong Last, int Length)
{
    private const int MostBytes = 16;

    /// <summary>The words of a name; default for one that is empty or longer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static NameWords Of(ReadOnlySpan<byte> name)
    {
        if ((uint)(name.Length - 1) >= MostBytes)
        {
            return default;
        }

        return name.Length < sizeof(ulong)
            ? new NameWords(SipHash.Tail(name), 0, name.Length)
            : new NameWords(
                BinaryPrimitives.ReadUInt64LittleEndian(name), BinaryPrimitives.ReadUInt64LittleEndian(name[^sizeof(ulong)..]), name.Length);
    }
}
