using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>
/// Monotonic time of one <see cref="TimeProvider"/>, in <see cref="TimeSpan"/> ticks from an arbitrary origin; never negative.
/// For the system provider <see cref="Coarse"/> is the tick count and <see cref="Fine"/> the performance counter, two scales that
/// must not be mixed in one comparison; for every other provider both are its timestamp.
/// </summary>
internal sealed class Clock
{
    /// <summary>Below this many ticks the steps of the coarse clock matter.</summary>
    internal const long FineBelow = 100 * TimeSpan.TicksPerMillisecond;

    /// <summary>The longest time that can be waited for, about 14,000 years: far from overflow.</summary>
    internal const long MaxDelay = long.MaxValue / 2;

    // A provider's own origin may be anything; ours leaves room for a clock that goes back, and is never zero, which means "not read".
    private const long Origin = TimeSpan.TicksPerDay;
    private const long MaxTimerTicks = int.MaxValue * TimeSpan.TicksPerMillisecond;
    private static readonly ConditionalWeakTable<TimeProvider, Clock> s_clocks = [];
    private static readonly double s_systemScale = (double)TimeSpan.TicksPerSecond / Stopwatch.Frequency;

    // Where a tick is a whole number of counts, a division by what the JIT knows as a constant is quicker than the way through a double.
    private static readonly long s_countsPerTick =
        Stopwatch.Frequency % TimeSpan.TicksPerSecond == 0 ? Stopwatch.Frequency / TimeSpan.TicksPerSecond : 0;

    private readonly bool _isSystem;
    private readonly long _firstTimestamp;
    private readonly double _scale;
    private readonly Lazy<Sweeper<Production>> _sweeper;
    private readonly double _nanosecondScale;

    // Where the origin of Fine lies on the scale of Nanoseconds.
    private readonly long _nanosecondsAtOrigin;

    private Clock(TimeProvider provider)
    {
        if (provider.TimestampFrequency <= 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(provider), $"TimestampFrequency is {provider.TimestampFrequency}: it must be above zero.");
        }

        _isSystem = ReferenceEquals(provider, TimeProvider.System);
        Provider = provider;
        _firstTimestamp = provider.GetTimestamp();
        _scale = (double)TimeSpan.TicksPerSecond / provider.TimestampFrequency;
        Granule = _isSystem ? SystemGranule : _scale == 1 ? 0 : 1;
        _nanosecondScale = 1e9 / provider.TimestampFrequency;
        _nanosecondsAtOrigin = _isSystem ? 0 : (long)(_firstTimestamp * _nanosecondScale) - (Origin * TimeSpan.NanosecondsPerTick);
        RunsInline = provider is IManualTime;
        _sweeper = new Lazy<Sweeper<Production>>(() => new Sweeper<Production>(this));
        Sources = new ItemPool<DeadlineSource>(() => new DeadlineSource(this));
        HedgeTimers = new ItemPool<HedgeTimer>(() => new HedgeTimer(this));
        Delays = new ItemPool<PendingDelay<Production>>(() => new PendingDelay<Production>(Sweeper, Delays!));
    }

    /// <summary>The clock of <see cref="TimeProvider.System"/>.</summary>
    internal static Clock System { get; } = new(TimeProvider.System);

    /// <summary>The provider behind this clock.</summary>
    internal TimeProvider Provider { get; }

    /// <summary>How far <see cref="Coarse"/> may lag behind the true time, in ticks.</summary>
    internal long Granule { get; }

    /// <summary>Whether work that falls due runs on the thread that moves the time.</summary>
    internal bool RunsInline { get; }

    /// <summary>Whether <see cref="Coarse"/> and <see cref="Fine"/> have different origins.</summary>
    internal bool HasTwoScales => _isSystem;

    /// <summary>What fires this clock's deadlines.</summary>
    internal Sweeper<Production> Sweeper => _sweeper.Value;

    internal ItemPool<DeadlineSource> Sources { get; }

    internal ItemPool<PendingDelay<Production>> Delays { get; }

    internal ItemPool<HedgeTimer> HedgeTimers { get; }

    /// <summary>Cheap time, in steps of at most <see cref="Granule"/>.</summary>
    internal long Coarse
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _isSystem ? Environment.TickCount64 * TimeSpan.TicksPerMillisecond : Timestamp();
    }

    /// <summary>Exact time, at the price of reading the performance counter.</summary>
    internal long Fine
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => !_isSystem ? Timestamp()
            : s_countsPerTick > 0 ? Stopwatch.GetTimestamp() / s_countsPerTick
            : (long)(Stopwatch.GetTimestamp() * s_systemScale);
    }

    /// <summary>The same time as <see cref="Fine"/> in nanoseconds; 292 years at most.</summary>
    internal long Nanoseconds
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var timestamp = _isSystem ? Stopwatch.GetTimestamp() : Provider.GetTimestamp();
            return _nanosecondScale == 1 ? timestamp : (long)(timestamp * _nanosecondScale);
        }
    }

    /// <summary>A reading of <see cref="Fine"/> as <see cref="Nanoseconds"/> would have told it, within a tick.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long NanosecondsAt(long fine) => (fine * TimeSpan.NanosecondsPerTick) + _nanosecondsAtOrigin;

    // The kernel's coarse clock advances with its tick, 10 ms at the slowest setting on Linux and 15.6 ms on Windows; reading it in whole
    // milliseconds lags by up to one more.
    private static long SystemGranule => (OperatingSystem.IsLinux() ? 11 : 17) * TimeSpan.TicksPerMillisecond;

    /// <summary>The one clock of <paramref name="provider"/>, held weakly with it.</summary>
    internal static Clock For(TimeProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return ReferenceEquals(provider, TimeProvider.System) ? System : s_clocks.GetValue(provider, static p => new Clock(p));
    }

    /// <summary>Whether a word is on the fine scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsFine(long word) => (word & 1) != 0;

    /// <summary>
    /// A deadline as the sweeper's table keeps it: where there are two scales, rounded up so that the lowest bit says on which it is.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long Word(long deadline, bool fine) => !HasTwoScales ? deadline : fine ? deadline | 1 : (deadline + 1) & ~1L;

    /// <summary>
    /// How far a moment that is <paramref name="ticks"/> away lies from a reading, rounded up for what the reading may lag: never early.
    /// </summary>
    /// <param name="ticks">At most <see cref="MaxDelay"/> is heeded.</param>
    /// <param name="fine">Whether the reading is <see cref="Fine"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long Reach(long ticks, bool fine) => Math.Min(ticks, MaxDelay) + (fine ? 1 : Granule);

    /// <summary>The sweeper's word for a moment at least <paramref name="ticks"/> from now.</summary>
    internal long WordAfter(long ticks)
    {
        var fine = WaitsFine(ticks);
        return Word((fine ? Fine : Coarse) + Reach(ticks, fine), fine);
    }

    /// <summary>How long a wait of <paramref name="ticks"/> may take by the clock, rounded up.</summary>
    internal long WaitReach(long ticks) => ticks == 0 ? 0 : Reach(ticks, WaitsFine(ticks));

    /// <summary>When a timer is to fire for the nearer of two words; <see cref="long.MaxValue"/> stands for none.</summary>
    internal TimeSpan TimerDueIn(long coarseWord, long fineWord)
    {
        var ticks = Math.Min(
            coarseWord == long.MaxValue ? long.MaxValue : Math.Max(0, coarseWord - Coarse),
            fineWord == long.MaxValue ? long.MaxValue : Math.Max(0, fineWord - Fine));
        if (ticks == long.MaxValue)
        {
            return Timeout.InfiniteTimeSpan;
        }

        // Timers count whole milliseconds: rounded down, one would fire early and be set anew until the time has come.
        const long Millisecond = TimeSpan.TicksPerMillisecond;
        ticks = Math.Min(ticks, MaxTimerTicks);
        return new TimeSpan(RunsInline ? ticks : (ticks + Millisecond - 1) / Millisecond * Millisecond);
    }

    private bool WaitsFine(long ticks) => HasTwoScales && ticks < FineBelow;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long Timestamp()
    {
        var elapsed = Provider.GetTimestamp() - _firstTimestamp;
        return Math.Max(1, Origin + (_scale == 1 ? elapsed : (long)(elapsed * _scale)));
    }
}
