using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Resilience;

/// <summary>The mean of bucket counts: in an octave the buckets are evenly wide, so one fixed-point product a bucket and one scale an octave do.</summary>
internal static class WeightedMean
{
    // 7 bits of mantissa and these, times 32 bits of count, 64 times: no sum of an octave exceeds 64 bits.
    private const int FractionBits = 16;
    private const ulong Low = uint.MaxValue;
    private static readonly uint[] s_linear = Weights(static bucket => bucket + 0.5);
    private static readonly uint[] s_midpoints = Weights(static bucket => Buckets.Midpoint(Buckets.PerOctave + bucket));

    /// <summary>The mean of the reported nanoseconds, unrounded per bucket; what overflowed counts with the top of the range.</summary>
    internal static double Of(in Distribution distribution)
    {
        var total = (double)Buckets.Limit * distribution.Overflowed;
        for (var octave = 0; octave < distribution.Sums.Length; octave++)
        {
            if (distribution.Sums[octave] == 0)
            {
                continue;
            }

            var first = octave * Buckets.PerOctave;
            var weights = octave == 0 ? s_linear : s_midpoints;
            var product = Product(distribution.Counts.Slice(first, Buckets.PerOctave), weights);
            if (octave == Buckets.Blocks - 1)
            {
                product -= (ulong)distribution.Overflowed * weights[Buckets.Overflow - first];
            }

            total += product * (double)Buckets.Width(first) / (1 << FractionBits);
        }

        return total / distribution.Count;
    }

    // The sum of count times weight over an octave.
    private static ulong Product(ReadOnlySpan<uint> counts, uint[] weights)
    {
        ref var count = ref MemoryMarshal.GetReference(counts);
        ref var weight = ref MemoryMarshal.GetArrayDataReference(weights);
        var sum = Vector256<ulong>.Zero;
        var low = Vector256.Create(Low);
        for (nuint i = 0; i < Buckets.PerOctave; i += (nuint)Vector256<uint>.Count)
        {
            var c = Vector256.LoadUnsafe(ref count, i).AsUInt64();
            var w = Vector256.LoadUnsafe(ref weight, i).AsUInt64();
            sum += ((c & low) * (w & low)) + ((c >>> 32) * (w >>> 32));
        }

        return Vector256.Sum(sum);
    }

    private static uint[] Weights(Func<int, double> midpoint) =>
        [.. Enumerable.Range(0, Buckets.PerOctave).Select(bucket => (uint)Math.Round(midpoint(bucket) * (1 << FractionBits)))];
}
