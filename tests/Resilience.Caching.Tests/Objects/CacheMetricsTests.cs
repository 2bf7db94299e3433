using System.Diagnostics.Metrics;
using Resilience.Testing;

namespace Resilience.Caching.Tests;

public sealed class CacheMetricsTests
{
    [Fact]
    public async Task WhenItIsUsed_TheSnapshotCountsEverything()
    {
        var clock = new ManualClock();
        using var cache = new ResilientCache<int, string>(new()
        {
            MaxEntries = 3,
            MaxBytes = 100,
            SizeOf = static (_, value) => value.Length,
            TimeProvider = clock,
            Entry = new() { TimeToLive = TimeSpan.FromSeconds(1), StaleFor = TimeSpan.FromSeconds(5) },
            Creation = new() { MeasuresLatency = true },
        });
        cache.Set(1, "a");
        cache.Set(1, "b");
        cache.Set(2, "c");
        cache.Set(3, "d");
        cache.Set(4, "e");
        Assert.False(cache.Set(4, new string('x', 101)));
        cache.Remove(3);
        cache.TryGet(2, out _);
        var earlier = cache.Snapshot;
        Assert.Equal((1, 1, 1, 2), (earlier.Replaced, earlier.Evicted, earlier.Refused, earlier.Removed));
        Assert.Equal((1, 1L), (earlier.Entries, earlier.Bytes));
        await cache.GetOrCreateAsync(9, static _ => new ValueTask<string>("new"));
        await Assert.ThrowsAsync<IOException>(() => cache.GetOrCreateAsync(8, static _ => throw new IOException()).AsTask());
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("new", await cache.GetOrCreateAsync(9, static _ => throw new IOException()));
        var since = cache.Snapshot.Since(earlier);
        Assert.Equal((0, 3, 1, 1, 2), (since.Hits, since.Misses, since.Stale, since.Created, since.Failed));
        Assert.Equal(0, since.HitRatio);
        Assert.Equal(3, cache.CreationLatency!.GetSummary([], []).Reading.Count);
    }

    [Fact]
    public void WhenACacheHasAName_ItsCountsArePublished()
    {
        using var cache = new ResilientCache<int, string>(new() { Name = "quotes of a test" });
        cache.Set(1, "a");
        cache.TryGet(1, out _);
        cache.TryGet(2, out _);
        var seen = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name.StartsWith("resilience.cache.", StringComparison.Ordinal))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, count, tags, _) =>
        {
            var words = tags.ToArray().Select(tag => $"{tag.Value}").ToArray();
            if (words[0] == cache.Options.Name && count != 0)
            {
                seen.Add($"{instrument.Name} {string.Join(' ', words[1..])} {count}");
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.Equal(["resilience.cache.entries  1", "resilience.cache.requests hit 1", "resilience.cache.requests miss 1"], seen.Order());
    }
}
