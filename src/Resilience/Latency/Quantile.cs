using System.Diagnostics.CodeAnalysis;

namespace Resilience;

/// <summary>Nearest rank: quantile q of n records is the record at rank ceil(q·n), counted from one; q = 0 is the first.</summary>
internal static class Quantile
{
    /// <summary>
    /// The rank of <paramref name="quantile"/> among <paramref name="count"/> records; zero when there are none. The quantile is taken one
    /// unit in the last place lower, so that a decimal whose binary neighbour lies above it still gets its own rank: 0.99805 of 20,000 is 19,961.
    /// </summary>
    internal static long Rank(double quantile, long count)
    {
        // Zero stays zero; what becomes no number (below minus zero), like all below one, is rank one.
        var lower = BitConverter.Int64BitsToDouble(Math.Max(0, BitConverter.DoubleToInt64Bits(quantile) - 1));
        var rank = double.ConvertToIntegerNative<long>(Math.Ceiling(lower * count));
        return Math.Min(Math.Max(rank, 1), count);
    }

    /// <summary>Refuses what is not in [0, 1] and results that do not fit.</summary>
    internal static void Check(ReadOnlySpan<double> quantiles, int results)
    {
        if (results != quantiles.Length)
        {
            ThrowLengths(quantiles.Length, results);
        }

        for (var i = 0; i < quantiles.Length; i++)
        {
            if (!(quantiles[i] >= 0 && quantiles[i] <= 1))
            {
                ThrowRange(quantiles[i], i);
            }
        }
    }

    /// <summary>Refuses a quantile outside [0, 1].</summary>
    internal static void Check(double quantile) => Check([quantile], 1);

    /// <summary>Turns nanoseconds, written where the values belong, into the values.</summary>
    internal static void ToTimeSpans(Span<TimeSpan> values)
    {
        foreach (ref var value in values)
        {
            value = Buckets.ToTimeSpan(value.Ticks);
        }
    }

    [DoesNotReturn]
    private static void ThrowLengths(int quantiles, int results) =>
        throw new ArgumentException($"{quantiles} quantiles were given with room for {results} values: both spans must have the same length.");

    [DoesNotReturn]
    private static void ThrowRange(double quantile, int index) =>
        throw new ArgumentOutOfRangeException(
            nameof(quantile), quantile, FormattableString.Invariant($"quantiles[{index}] is {quantile}: a quantile lies in [0, 1]."));
}
