using System.Numerics;
using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// The log-linear layout that every latency count shares: units of 4 ns, 64 buckets an octave, 2,217 buckets up to 3,607 s, and one more that
/// counts what lies above. Source of the layout: G. Tene, HdrHistogram.
/// </summary>
internal static class Buckets
{
    /// <summary>How many buckets hold durations.</summary>
    internal const int Count = 2217;

    /// <summary>The index that counts durations above the range.</summary>
    internal const int Overflow = Count;

    /// <summary>Buckets in an octave, and in a block of the query.</summary>
    internal const int PerOctave = 1 << BitsOfOctave;

    /// <summary>The length of an array of counts: whole blocks, so that no pass has a tail and the end shares no cache line.</summary>
    internal const int Length = 35 * PerOctave;

    /// <summary>Blocks in an array of counts.</summary>
    internal const int Blocks = Length / PerOctave;

    /// <summary>The first nanosecond above the range.</summary>
    internal const long Limit = 105L << 35;

    /// <summary>The first tick above the range.</summary>
    internal const long LimitTicks = (Limit / NanosecondsPerTick) + 1;

    private const int UnitShift = 2;
    private const long NanosecondsPerTick = 100;
    private const long UnitsPerTick = NanosecondsPerTick >> UnitShift;

    private const int BitsOfOctave = 6;

    // The largest duration that a nanosecond count can say: 292 years.
    private const long MostTicks = long.MaxValue / NanosecondsPerTick;

    // Those of an octave's buckets: a division less for each quantile.
    private static readonly double[] s_midpoints = [.. Enumerable.Range(PerOctave, PerOctave).Select(mantissa => Midpoint(mantissa))];

    /// <summary>The bucket of a duration in nanoseconds; negative counts as zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int IndexOf(long nanoseconds) => IndexWithin(Math.Min(nanoseconds & ~(nanoseconds >> 63), Limit));

    /// <summary>The bucket of a duration in <see cref="TimeSpan"/> ticks; negative counts as zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int IndexOfTicks(long ticks) => IndexOfTicksWithin(Math.Min(ticks & ~(ticks >> 63), LimitTicks));

    /// <summary>The bucket of a duration that lies in [0, <see cref="Limit"/>].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int IndexWithin(long nanoseconds) => IndexOfUnits((ulong)nanoseconds >> UnitShift);

    /// <summary>The bucket of a duration that lies in [0, <see cref="LimitTicks"/>].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int IndexOfTicksWithin(long ticks) => IndexOfUnits((ulong)(ticks * UnitsPerTick));

    /// <summary>The nanoseconds of <paramref name="ticks"/>; negative gives zero, more than 292 years gives 292 years.</summary>
    internal static long ToNanoseconds(long ticks) => ticks > MostTicks ? long.MaxValue : Math.Max(0, ticks) * NanosecondsPerTick;

    /// <summary>The nearest <see cref="TimeSpan"/> to <paramref name="nanoseconds"/>; negative counts as zero.</summary>
    internal static TimeSpan ToTimeSpan(long nanoseconds) =>
        new((long)(((ulong)Math.Max(0, nanoseconds) + (NanosecondsPerTick / 2)) / NanosecondsPerTick));

    /// <summary>The least duration of a bucket, in nanoseconds; that of the overflow is <see cref="Limit"/>.</summary>
    internal static long Low(int index) => Mantissa(index) << (Shift(index) + UnitShift);

    /// <summary>The width of a bucket in nanoseconds.</summary>
    internal static long Width(int index) => 1L << (Shift(index) + UnitShift);

    /// <summary>
    /// The nanoseconds reported for a bucket: the harmonic midpoint of its edges, from which both edges are equally far in proportion
    /// (1/129 at most); the middle below 256 ns; <see cref="Limit"/> for the overflow.
    /// </summary>
    internal static long Report(int index)
    {
        if (index >= Overflow)
        {
            return Limit;
        }

        if (index < PerOctave)
        {
            return Low(index) + 2;
        }

        var shift = (index >> BitsOfOctave) - 1;
        return double.ConvertToIntegerNative<long>((s_midpoints[index & (PerOctave - 1)] * (1L << (shift + UnitShift))) + 0.5);
    }

    /// <summary>The harmonic midpoint of <paramref name="mantissa"/> and the next, in widths of the bucket.</summary>
    internal static double Midpoint(long mantissa) => mantissa + 0.5 - (0.25 / (mantissa + 0.5));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int IndexOfUnits(ulong units)
    {
        // 64 keeps the first two octaves, whose buckets are one unit wide, at a shift of zero.
        var shift = BitOperations.Log2(units | PerOctave) - BitsOfOctave;
        return (shift << BitsOfOctave) + (int)(units >> shift);
    }

    private static int Shift(int index) => Math.Max(0, (index >> BitsOfOctave) - 1);

    private static long Mantissa(int index) => index - (Shift(index) << BitsOfOctave);
}
