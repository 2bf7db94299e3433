using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// Passes over counts that other threads are incrementing. A vector load takes each aligned 32-bit count whole on every processor that .NET
/// runs on, and each count only grows, so that what a pass sees lies between its start and its end, bucket by bucket.
/// </summary>
/// <typeparam name="TI">The interleaving; only lengths that are no multiple of a block have points, which only tests use.</typeparam>
internal static class LiveCounts<TI>
    where TI : struct, IInterleaving
{
    /// <summary>The site of a read of a live count.</summary>
    internal const int ReadLive = 20;

    /// <summary>The site of a read of a snapshot's count.</summary>
    internal const int ReadSnapshot = 21;

    /// <summary>The site of a write of a snapshot's count.</summary>
    internal const int WriteSnapshot = 22;

    /// <summary>Writes what was counted since <paramref name="start"/> to <paramref name="target"/>, and the sum of each block to <paramref name="sums"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Since(uint[][] live, uint[] start, Span<uint> target, Span<ulong> sums)
    {
        var whole = target.Length / Buckets.PerOctave;
        for (var block = 0; block < whole; block++)
        {
            var offset = block * Buckets.PerOctave;
            var counts = CountBlock.Load(live[0], offset).Subtract(CountBlock.Load(start, offset));
            for (var i = 1; i < live.Length; i++)
            {
                counts = counts.Add(CountBlock.Load(live[i], offset));
            }

            counts.Store(ref target[offset]);
            sums[block] = counts.Sum();
        }

        if (whole < sums.Length)
        {
            sums[whole] = Tail(live, start, target, whole * Buckets.PerOctave);
        }
    }

    /// <summary>Writes the live counts to <paramref name="target"/>.</summary>
    /// <returns>How many records they hold beyond <paramref name="start"/>, which may be <paramref name="target"/> itself.</returns>
    internal static ulong Copy(uint[][] live, uint[] start, uint[] target)
    {
        var whole = target.Length / Buckets.PerOctave;
        var since = 0UL;
        for (var block = 0; block < whole; block++)
        {
            var offset = block * Buckets.PerOctave;
            var counts = default(CountBlock);
            foreach (var stripe in live)
            {
                counts = counts.Add(CountBlock.Load(stripe, offset));
            }

            since += counts.Subtract(CountBlock.Load(start, offset)).Sum();
            counts.Store(ref target[offset]);
        }

        for (var i = whole * Buckets.PerOctave; i < target.Length; i++)
        {
            var count = Live(live, i);
            since += unchecked(count - start[i]);
            TI.Point(WriteSnapshot);
            target[i] = count;
        }

        return since;
    }

    private static ulong Tail(uint[][] live, uint[] start, Span<uint> target, int from)
    {
        var sum = 0UL;
        for (var i = from; i < target.Length; i++)
        {
            var count = Live(live, i);
            TI.Point(ReadSnapshot);
            target[i] = unchecked(count - start[i]);
            sum += target[i];
        }

        return sum;
    }

    private static uint Live(uint[][] live, int index)
    {
        var count = 0U;
        foreach (var stripe in live)
        {
            TI.Point(ReadLive);
            count = unchecked(count + Volatile.Read(ref stripe[index]));
        }

        return count;
    }
}
