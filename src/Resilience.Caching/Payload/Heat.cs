using System.Runtime.CompilerServices;

namespace Resilience.Caching;

/// <summary>
/// How often something was used lately, in 16 bits: a count to 255 in the lower half, the epoch of its last change in the upper. Each epoch
/// that has passed since halves the count, when it is next looked at. What is not looked at for 256 epochs may seem as hot as it was.
/// </summary>
internal static class Heat
{
    internal const int Most = byte.MaxValue;

    /// <summary>The count as of now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Of(ushort word, int epoch) => (word & Most) >> Math.Min((epoch - (word >> 8)) & Most, 8);

    /// <summary>A word of a count.</summary>
    internal static ushort Word(int count, int epoch) => (ushort)((epoch << 8) | count);

    /// <summary>Counts a use. Writes nothing when the count is full; of two uses at once one may be lost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Add(ref ushort word, int epoch)
    {
        var seen = Volatile.Read(ref word);
        var count = Of(seen, epoch);
        if (count < Most)
        {
            count++;
            Volatile.Write(ref word, Word(count, epoch));
        }

        return count;
    }
}
