namespace Resilience.Caching;

/// <summary>
/// Hits and misses of a span of time that slides by twelfths: what the counters said when each of the last slices began. No timer turns it: misses
/// and readings do, so that a hit pays nothing. Safe for concurrent use; the lock is held for a few instructions.
/// </summary>
/// <param name="counters">The counters, by <see cref="CacheColumn"/>.</param>
/// <param name="length">The span, in ticks.</param>
/// <param name="now">A reading of the clock.</param>
internal sealed class HitWindow(StripedCounter<Production> counters, long length, long now)
{
    private const int Slices = 12;
    private readonly Lock _gate = new();
    private readonly long _slice = length / Slices;

    // The newest at _newest, older ones before it, around the end. One more than slices, so that the whole span lies behind the oldest.
    private readonly Mark[] _marks = [new Mark(now, 0, 0), .. new Mark[Slices]];
    private int _newest;
    private int _count = 1;
    private long _next = now + (length / Slices);

    /// <summary>Begins a slice if one is over. Called before a miss is counted.</summary>
    internal void Turn(long now)
    {
        if (now >= Volatile.Read(ref _next))
        {
            lock (_gate)
            {
                Add(now);
            }
        }
    }

    /// <summary>The counts since the oldest mark within the span, or the newest before it.</summary>
    internal CacheWindow Read(long now)
    {
        lock (_gate)
        {
            var from = _marks[_newest];
            for (var i = 1; i < _count && At(i).Time >= now - length - _slice; i++)
            {
                from = At(i);
            }

            Add(now);
            var (hits, misses) = (counters.Sum(CacheColumn.Hits), counters.Sum(CacheColumn.Misses));
            return new CacheWindow(hits - from.Hits, misses - from.Misses, new TimeSpan(Math.Max(0, now - from.Time)));
        }
    }

    private Mark At(int back) => _marks[(_newest - back + _marks.Length) % _marks.Length];

    private void Add(long now)
    {
        if (now < _next)
        {
            return;
        }

        _newest = (_newest + 1) % _marks.Length;
        _marks[_newest] = new Mark(now, counters.Sum(CacheColumn.Hits), counters.Sum(CacheColumn.Misses));
        _count = Math.Min(_count + 1, _marks.Length);
        Volatile.Write(ref _next, now + _slice);
    }

    private readonly record struct Mark(long Time, long Hits, long Misses);
}
