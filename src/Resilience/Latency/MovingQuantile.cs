namespace Resilience;

/// <summary>
/// An estimate of one quantile that follows its durations, in one word: each duration above it moves it up by q of a step and each below it
/// down by 1 - q, so that it rests where a share of q lies below. A step is a bucket, about 1.5 %, and doubles while durations keep falling
/// on one side. For thousands of keys, where a <see cref="PercentileTracker"/> each would be too much; the folder's README says how far off it is.
/// </summary>
/// <remarks>
/// Safe for any number of threads: of durations recorded at the same instant some may be passed over. Nothing allocates; 40 bytes an object.
/// Source of the rule: DUMIQE, Yazidi and Hammer, "Multiplicative Update Methods for Incremental Quantile Estimation", 2017.
/// </remarks>
public sealed class MovingQuantile
{
    // A bucket is this much; an estimate is a bucket and a fraction.
    private const int One = 1 << 19;
    private const int Top = (Buckets.Count * One) - 1;

    // A doubled step is no more than eight buckets, an eighth of an octave: what an outlier can do.
    private const int Most = 8 * One;

    // The first durations take longer steps: half an octave, and less in the harmonic series until this many were seen.
    private const int Warm = 1024;
    private const int WarmMost = 32;

    private readonly int _up;
    private readonly int _down;
    private readonly int _runUp;
    private readonly int _runDown;

    // The estimate in the low half, then the run on one side, negative below, then the count up to its greatest.
    private long _state;

    /// <summary>An estimate of a quantile.</summary>
    /// <param name="quantile">From 0.01 to 0.999.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quantile"/> is out of its range.</exception>
    public MovingQuantile(double quantile)
    {
        if (!(quantile >= 0.01 && quantile <= 0.999))
        {
            throw new ArgumentOutOfRangeException(
                nameof(quantile), quantile, FormattableString.Invariant($"quantile is {quantile}: from 0.01 to 0.999."));
        }

        _up = (int)(quantile * One);
        _down = One - _up;

        // A run this long is one in twenty at rest: half e to the third.
        _runUp = (int)Math.Ceiling(3 / quantile);
        _runDown = (int)Math.Ceiling(3 / (1 - quantile));
    }

    /// <summary>The estimate; zero before the first duration.</summary>
    public TimeSpan Value
    {
        get
        {
            var state = Volatile.Read(ref _state);
            var (index, part) = ((int)(uint)state / One, (int)(uint)state % One);
            return state == 0 ? TimeSpan.Zero : Buckets.ToTimeSpan(Buckets.Low(index) + (Buckets.Width(index) * part / One));
        }
    }

    /// <summary>How many durations it has seen, up to 65,535.</summary>
    public int Count => (ushort)(Volatile.Read(ref _state) >> 48);

    /// <summary>Follows a duration; negative counts as zero, and above 3,607 s as that.</summary>
    /// <param name="duration">The duration.</param>
    public void Record(TimeSpan duration) => Record(duration.Ticks);

    /// <summary>Follows a duration in <see cref="TimeSpan"/> ticks of 100 ns.</summary>
    /// <param name="ticks">The duration.</param>
    public void Record(long ticks)
    {
        var state = Volatile.Read(ref _state);
        var (count, run, estimate) = ((int)(ushort)(state >> 48), (int)(short)(state >> 32), (int)state);
        var seen = (Math.Min(Buckets.IndexOfTicks(ticks), Buckets.Count - 1) * One) + (One / 2);
        if (count == 0)
        {
            estimate = seen;
        }
        else if (seen > estimate)
        {
            run = Math.Min(Math.Max(run, 0) + 1, short.MaxValue);
            estimate = Math.Min(Top, estimate + Step(_up, run / _runUp, count));
        }
        else if (seen < estimate)
        {
            run = Math.Max(Math.Min(run, 0) - 1, short.MinValue);
            estimate = Math.Max(0, estimate - Step(_down, -run / _runDown, count));
        }

        // Without a second try: a duration that loses a race is one that the estimate has not seen.
        Interlocked.CompareExchange(
            ref _state, ((long)Math.Min(count + 1, ushort.MaxValue) << 48) | ((long)(ushort)(short)run << 32) | (uint)estimate, state);
    }

    private static int Step(int step, int doublings, int count)
    {
        var warm = count < Warm ? (long)step * Math.Min(Warm / count, WarmMost) : step;
        return (int)Math.Max(warm, Math.Min((long)step << Math.Min(doublings, 20), Most));
    }
}
