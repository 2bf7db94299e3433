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
    private static readonly ConditionalWeakTable<TimeProvider, Clock> s_clocks = [];
    private static readonly double s_systemScale = (double)TimeSpan.TicksPerSecond / Stopwatch.Frequency;
    private readonly bool _isSystem;
    private readonly double _scale;
    private readonly double _nanosecondScale;

    private Clock(TimeProvider provider)
    {
        _isSystem = ReferenceEquals(provider, TimeProvider.System);
        Provider = provider;
        _scale = (double)TimeSpan.TicksPerSecond / provider.TimestampFrequency;
        _nanosecondScale = 1e9 / provider.TimestampFrequency;
        Granule = _isSystem ? SystemGranule : 0;
        RunsInline = provider is IManualTime;
    }

    /// <summary>The clock of <see cref="TimeProvider.System"/>.</summary>
    internal static Clock System { get; } = new(TimeProvider.System);

    /// <summary>The provider behind this clock.</summary>
    internal TimeProvider Provider { get; }

    /// <summary>How far <see cref="Coarse"/> may lag behind the true time, in ticks.</summary>
    internal long Granule { get; }

    /// <summary>Whether work that falls due runs on the thread that moves the time.</summary>
    internal bool RunsInline { get; }

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
        get => _isSystem ? (long)(Stopwatch.GetTimestamp() * s_systemScale) : Timestamp();
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

    // The kernel's coarse clock advances with its tick: 10 ms at the slowest setting on Linux, 15.6 ms on Windows.
    private static long SystemGranule => (OperatingSystem.IsLinux() ? 10 : 16) * TimeSpan.TicksPerMillisecond;

    /// <summary>The one clock of <paramref name="provider"/>, held weakly with it.</summary>
    internal static Clock For(TimeProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return ReferenceEquals(provider, TimeProvider.System) ? System : s_clocks.GetValue(provider, static p => new Clock(p));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long Timestamp()
    {
        var timestamp = Provider.GetTimestamp();
        return _scale == 1 ? timestamp : (long)(timestamp * _scale);
    }
}
