using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// Quantiles of the durations of the last minute, or another window that slides by slices. Safe for any number of threads: a record is one
/// increment, a reading waits for nobody; neither allocates, but for the first record of a thread that is given a stripe. Size is fixed by
/// the options. Quantiles are nearest ranks within 0.79 % (2 ns below 256 ns), rounded to 100 ns.
/// </summary>
/// <remarks>
/// Negative durations count as zero; those above 3,607 s are counted and told as that. A slice must hold fewer than 2^32 records. When the
/// time provider goes back, time stands still until it has caught up.
/// </remarks>
public sealed partial class PercentileTracker : IPercentileTracker
{
    private readonly SlidingCounts<Production> _window;
    private readonly Clock _clock;
    private readonly long _slice;
    private readonly long _length;

    // In nanoseconds; no duration is above the greatest number, so that without correction there is nothing to ask.
    private readonly long _interval = long.MaxValue;

    // Durations from these up to those lie in blocks in use and need no correction: two comparisons ask for all that is out of the ordinary. They only
    // grow apart, each by itself.
    private long _least = long.MaxValue;
    private long _leastTicks = long.MaxValue;
    private long _most;
    private long _mostTicks;

    /// <summary>A tracker whose window begins now.</summary>
    /// <param name="options">The options; null for one minute in twelve slices of the system's time.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public PercentileTracker(PercentileTrackerOptions? options = null)
    {
        options ??= new PercentileTrackerOptions();
        options.Validate();
        Window = options.Window;
        _clock = Clock.For(options.TimeProvider);
        _slice = Buckets.ToNanoseconds(options.Window.Ticks) / options.Slices;
        _length = _slice * options.Slices;
        if (options.ExpectedInterval is { } interval)
        {
            _interval = Buckets.ToNanoseconds(interval.Ticks);
        }

        _window = new SlidingCounts<Production>(
            _clock, _slice, options.Slices, Buckets.Length, Math.Min(options.OwnedStripes, Lanes.Count));
    }

    /// <summary>The window in time.</summary>
    public TimeSpan Window { get; }

    /// <summary>Where its time comes from.</summary>
    public TimeProvider TimeProvider => _clock.Provider;

    /// <summary>How many bytes the counts take: fixed, but for a stripe of 8,988 bytes for each thread that owns one.</summary>
    public long SizeInBytes => _window.SizeInBytes;

    /// <summary>Reads the clock, to give the stamp back when what begins now has ended.</summary>
    public LatencyStamp Start() => new(_clock.Nanoseconds);

    /// <inheritdoc/>
    public void Record(TimeSpan duration) => RecordTicks(duration.Ticks, _clock.Nanoseconds);

    /// <summary>Records a duration in <see cref="TimeSpan"/> ticks of 100 ns; negative counts as zero.</summary>
    /// <param name="ticks">The duration.</param>
    public void Record(long ticks) => RecordTicks(ticks, _clock.Nanoseconds);

    /// <summary>Records a duration in ticks without reading the clock.</summary>
    /// <param name="ticks">The duration.</param>
    /// <param name="now">A stamp of now. An older one is as good, as long as others are recorded or read: it only tells when to look at the clock.</param>
    public void Record(long ticks, LatencyStamp now) => RecordTicks(ticks, now.Nanoseconds);

    /// <summary>Records the time since a stamp.</summary>
    /// <param name="start">What <see cref="Start"/> gave.</param>
    /// <exception cref="ArgumentException"><paramref name="start"/> is the default stamp.</exception>
    public void Record(LatencyStamp start) => Record(start, new LatencyStamp(_clock.Nanoseconds));

    /// <summary>Records the time between two stamps without reading the clock.</summary>
    /// <param name="start">The earlier stamp.</param>
    /// <param name="end">The later stamp.</param>
    /// <exception cref="ArgumentException">One of them is the default stamp.</exception>
    public void Record(LatencyStamp start, LatencyStamp end)
    {
        if (start.IsDefault || end.IsDefault)
        {
            ThrowNotStarted();
        }

        RecordNanoseconds(end.Nanoseconds - start.Nanoseconds, end);
    }

    /// <summary>Records a duration in nanoseconds without reading the clock.</summary>
    /// <param name="nanoseconds">The duration; negative counts as zero.</param>
    /// <param name="now">A stamp of now.</param>
    public void RecordNanoseconds(long nanoseconds, LatencyStamp now)
    {
        if ((ulong)nanoseconds > (ulong)Volatile.Read(ref _most) || nanoseconds < Volatile.Read(ref _least))
        {
            RecordExtraordinary(nanoseconds, 1, now.Nanoseconds);
            return;
        }

        _window.Record(Buckets.IndexWithin(nanoseconds), now.Nanoseconds);
    }

    /// <summary>Records a duration with a reading of <see cref="Clock.Fine"/> that is at hand.</summary>
    /// <param name="ticks">The duration in ticks.</param>
    /// <param name="now">The reading in ticks.</param>
    internal void RecordAt(long ticks, long now) => RecordTicks(ticks, _clock.NanosecondsAt(now));

    [DoesNotReturn]
    private static void ThrowNotStarted() => throw new ArgumentException("A stamp is the default one: take it from Start().");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RecordTicks(long ticks, long now)
    {
        if ((ulong)ticks > (ulong)Volatile.Read(ref _mostTicks) || ticks < Volatile.Read(ref _leastTicks))
        {
            RecordExtraordinary(ticks, TimeSpan.NanosecondsPerTick, now);
            return;
        }

        _window.Record(Buckets.IndexOfTicksWithin(ticks), now);
    }

    // Negative, above the range, longer than the expected interval, or the first that is so short or so long.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RecordExtraordinary(long units, long nanosecondsPerUnit, long now)
    {
        var nanoseconds = nanosecondsPerUnit == 1 ? units : Buckets.ToNanoseconds(units);
        var index = Buckets.IndexOf(nanoseconds);
        Extend(_window.Use(index));
        _window.Record(index, now);
        if (nanoseconds > _interval)
        {
            Correct(nanoseconds, now);
        }
    }

    // Durations in the blocks in use become ordinary.
    private void Extend(BlockRange used)
    {
        var least = Buckets.Low(used.First * Buckets.PerOctave);
        var most = Math.Min(Math.Min(Buckets.Low(used.End * Buckets.PerOctave) - 1, Buckets.Limit), _interval);
        if (least >= _least && most <= _most)
        {
            return;
        }

        Volatile.Write(ref _least, least);
        Volatile.Write(ref _most, most);
        Volatile.Write(ref _leastTicks, (least + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick);
        Volatile.Write(ref _mostTicks, most / TimeSpan.NanosecondsPerTick);
    }

    // What the held-up would have measured, all those in a bucket at once.
    private void Correct(long nanoseconds, long now)
    {
        for (var missing = Math.Min(nanoseconds, Buckets.Limit) - _interval; missing >= _interval;)
        {
            var index = Buckets.IndexOf(missing);
            var times = ((missing - Math.Max(Buckets.Low(index), _interval)) / _interval) + 1;
            _window.Record(Lanes.Current, index, (uint)times, now);
            missing -= times * _interval;
        }
    }
}
