namespace Resilience.Caching;

/// <summary>The last minute and the last hour of a cache.</summary>
/// <param name="counters">The counters, by <see cref="CacheColumn"/>.</param>
/// <param name="now">A reading of the clock.</param>
internal sealed class HitWindows(StripedCounter<Production> counters, long now)
{
    private readonly HitWindow _minute = new(counters, TimeSpan.TicksPerMinute, now);
    private readonly HitWindow _hour = new(counters, TimeSpan.TicksPerHour, now);

    /// <summary>Counts a miss.</summary>
    /// <param name="now">A reading of the clock.</param>
    internal void Miss(long now)
    {
        _minute.Turn(now);
        _hour.Turn(now);
        counters.Increment(CacheColumn.Misses);
    }

    /// <summary>What the windows hold.</summary>
    /// <param name="now">A reading of the clock.</param>
    internal (CacheWindow Minute, CacheWindow Hour) Read(long now) => (_minute.Read(now), _hour.Read(now));
}
