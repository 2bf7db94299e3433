using Resilience.Caching;

namespace Resilience.Benchmarks;

/// <summary>
/// A million entries expire at one moment while the cache is read and written: the slowest call by its thread's processor time, leaving out calls
/// with a collection inside. The least of a few plays, for the calls are the same in each: a slow step of the cache's comes again, a turn that the
/// host gave away does not. The ratio is that time over the most that it may be.
/// </summary>
internal sealed class ExpireTogetherRow(string name) : Row(name)
{
    private const int Entries = 1_000_000;
    private const int Calls = 1_000_000;
    private const int Plays = 4;
    private const double MostMilliseconds = 1;

    /// <inheritdoc/>
    public override RowResult Measure(Control control)
    {
        // The first calls after the end are the first that drop entries: what the JIT takes for them is not the cache's.
        using (var crew = new Crew(1))
        {
            WarmUp.Run(crew, static calls => Play(calls, calls).Left);
        }

        var plays = Enumerable.Range(0, Plays).Select(static _ => Play(Entries, Calls)).OrderBy(static play => play.Slowest).ToArray();
        var (slowest, withCollections, left) = plays[0];
        return new RowResult
        {
            Name = Name,
            PeerName = $"{MostMilliseconds} ms",
            Ratio = slowest / (MostMilliseconds * 1_000_000),
            Target = Target,
            Note = $"slowest of {Calls:N0} calls {slowest / 1_000:0} µs, {plays[^1].Slowest / 1_000:0} in the worst of {Plays} plays, {withCollections} with a collection left out; {left:N0} entries are left",
        };
    }

    private static (double Slowest, int WithCollections, int Left) Play(int entries, int calls)
    {
        var time = new StoppedTime();
        using var cache = new ResilientCache<int, Reply>(new()
        {
            MaxEntries = 2 * entries,
            InitialCapacity = 2 * entries,
            TimeProvider = time,
            Entry = new CacheEntryOptions { TimeToLive = TimeSpan.FromMinutes(1) },
        });
        for (var key = 0; key < entries; key++)
        {
            cache.Set(key, Reply.For(key));
        }

        if (entries == Entries)
        {
            GC.Collect();
        }

        time.Ticks += 2 * TimeSpan.TicksPerMinute;
        var (slowest, withCollections) = (0.0, 0);
        for (var i = 0; i < calls; i++)
        {
            var collections = GC.CollectionCount(0);
            var start = ThreadClock.Nanoseconds;
            if (i % 2 == 0)
            {
                cache.Set(entries + i, Reply.For(i));
            }
            else
            {
                cache.TryGet(i, out _);
            }

            var took = ThreadClock.Nanoseconds - start;
            if (GC.CollectionCount(0) == collections)
            {
                slowest = Math.Max(slowest, took);
            }
            else
            {
                withCollections++;
            }
        }

        return (slowest, withCollections, cache.Count);
    }

    private sealed class StoppedTime : TimeProvider
    {
        public long Ticks { get; set; } = TimeSpan.TicksPerDay;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Ticks;
    }
}
