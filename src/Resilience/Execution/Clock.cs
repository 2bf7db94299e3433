using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.ObjectPool;

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

    private static readonly ConditionalWeakTable<TimeProvider, Clock> s_clocks = [];
    private static readonly double s_systemScale = (double)TimeSpan.TicksPerSecond / Stopwatch.Frequency;
    private readonly bool _isSystem;
    private readonly double _scale;
    private readonly Lazy<Sweeper> _sweeper;

    private Clock(TimeProvider provider)
    {
        _isSystem = ReferenceEquals(provider, TimeProvider.System);
        Provider = provider;
        _scale = (double)TimeSpan.TicksPerSecond / provider.TimestampFrequency;
        Granule = _isSystem ? SystemGranule : 0;
        RunsInline = provider is IManualTime;
        _sweeper = new Lazy<Sweeper>(() => new Sweeper(this));
        Sources = new DefaultObjectPool<DeadlineSource>(new DeadlineSource.Policy(this), PoolLimits.Retained);
        Delays = new DefaultObjectPool<PendingDelay>(new PendingDelay.Policy(this), PoolLimits.Retained);
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
    internal Sweeper Sweeper => _sweeper.Value;

    internal ObjectPool<DeadlineSource> Sources { get; }

    internal ObjectPool<PendingDelay> Delays { get; }

    /// <summary>Cheap time, in steps of at most <see cref="Granule"/>.</summary>
    internal long Coarse
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _isSystem ? Environment.TickCount64 * TimeSpan.TicksPerMillisecond : Timestamp();
    }

    /// <summary><see cref="Coarse"/>, a little late and almost free: for what may lag by two periods of <see cref="CoarseTick"/>.</summary>
    internal long Tick
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _isSystem ? CoarseTick.Now : Timestamp();
    }

    /// <summary>Exact time, at the price of reading the performance counter.</summary>
    internal long Fine
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _isSystem ? (long)(Stopwatch.GetTimestamp() * s_systemScale) : Timestamp();
    }

    // The kernel's coarse clock advances with its tick: 10 ms at the slowest setting on Linux, 15.6 ms on Windows.
    private static long SystemGranule => (OperatingSystem.IsLinux() ? 10 : 16) * TimeSpan.TicksPerMillisecond;

    /// <summary>The one clock of <paramref name="provider"/>, held weakly with it.</summary>
    internal static Clock For(TimeProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return ReferenceEquals(provider, TimeProvider.System) ? System : s_clocks.GetValue(provider, static p => new Clock(p));
    }

    /// <summary>The sweeper's word for a moment at least <paramref name="ticks"/> from now.</summary>
    internal long WordAfter(long ticks)
    {
        var fine = HasTwoScales && ticks < FineBelow;
        var now = fine ? Fine : Coarse + Granule;
        return Sweeper.Word(ticks > MaxDelay ? now + MaxDelay : now + ticks, fine);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long Timestamp()
    {
        var timestamp = Provider.GetTimestamp();
        return _scale == 1 ? timestamp : (long)(timestamp * _scale);
    }
}
