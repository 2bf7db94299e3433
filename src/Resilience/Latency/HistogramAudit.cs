namespace Resilience;

/// <summary>Adds up what buckets allow and says whether a count, a sum and the extremes can be theirs.</summary>
internal struct HistogramAudit
{
    // Mutable: filled bucket by bucket by the one method that owns it.
    private UInt128 _total;
    private UInt128 _low;
    private UInt128 _high;
    private int _first;
    private int _last;
    private bool _saturated;

    /// <summary>The least duration that the buckets allow; <see cref="long.MaxValue"/> when they are empty.</summary>
    internal readonly long Least => _total == 0 ? long.MaxValue : Buckets.Low(_first);

    /// <summary>The greatest duration that the buckets allow; zero when they are empty.</summary>
    internal readonly long Greatest => _total == 0 ? 0 : Top(_last);

    /// <summary>Takes in a bucket; indices rise.</summary>
    internal void Add(int index, uint count)
    {
        if (count == 0)
        {
            return;
        }

        _first = _total == 0 ? index : _first;
        _last = index;
        _total += count;
        _low += (UInt128)(ulong)Buckets.Low(index) * count;
        _high += (UInt128)(ulong)Top(index) * count;
        _saturated |= count == uint.MaxValue;
    }

    /// <summary>What is wrong, or null.</summary>
    internal readonly string? Judge(long count, UInt128 sum, long min, long max)
    {
        if (_total == 0)
        {
            return count == 0 && sum == 0 && min == long.MaxValue && max == 0 ? null : "no bucket holds a record, yet count, sum or extremes are set";
        }

        if (count < 0 || (_saturated ? _total > (UInt128)(ulong)count : _total != (UInt128)(ulong)count))
        {
            return FormattableString.Invariant($"the buckets hold {_total} records and the count is {count}");
        }

        if (min > max || min < 0 || Buckets.IndexOf(min) != _first || Buckets.IndexOf(max) != _last)
        {
            return FormattableString.Invariant($"the extremes {min} ns and {max} ns do not lie in the outermost buckets");
        }

        return sum < _low || (!_saturated && sum > _high) ? FormattableString.Invariant($"the sum {sum} ns is not between {_low} and {_high}") : null;
    }

    private static long Top(int index) => index == Buckets.Overflow ? long.MaxValue : Buckets.Low(index) + Buckets.Width(index) - 1;
}
