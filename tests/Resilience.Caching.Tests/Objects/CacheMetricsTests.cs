using System.Diagnostics.Metrics;
using System.Globalization;
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
    public void WhenACacheHasAName_ItsFiguresArePublished()
    {
        using var cache = new ResilientCache<int, string>(new() { Name = "quotes of a test" });
        cache.Set(1, "a");
        cache.TryGet(1, out _);
        cache.TryGet(2, out _);
        Assert.Equal(
            ["resilience.cache.entries  1", "resilience.cache.hit_ratio  0.5", "resilience.cache.requests hit 1", "resilience.cache.requests miss 1"],
            Published(cache.Options.Name!));
    }

    [Fact]
    public async Task WhenAPayloadCacheHasAName_ItsFiguresArePublished()
    {
        var clock = new ManualClock();
        var cache = new PayloadCache(new PayloadCacheOptions
        {
            Name = "pages of a test",
            ColdShare = 1,
            TimeProvider = clock,
            Creation = new CacheCreation { MeasuresLatency = true },
            Entry = new CacheEntryOptions { TimeToLive = TimeSpan.FromSeconds(9), StaleFor = TimeSpan.FromSeconds(9) },
        });
        cache.Set("large", new byte[1_000]);
        cache.Set("small", [1]);
        cache.Set("small", [2]);
        cache.Set("gone", [3]);
        cache.Remove("gone");
        (await cache.GetOrCreateAsync("small", static (_, _) => default)).Dispose();
        Assert.Null(cache.Get("other"));
        clock.Advance(TimeSpan.FromSeconds(9));
        (await cache.GetOrCreateAsync("small", static (_, _) => throw new IOException())).Dispose();
        var bytes = cache.Bytes;
        Assert.InRange(bytes, 2, 100);
        Assert.Equal(
            [
                "resilience.cache.compressed_share  0.5", "resilience.cache.creations failed 1", "resilience.cache.entries  2",
                $"resilience.cache.hit_ratio  {1.0 / 3}", "resilience.cache.payload_size  1001", "resilience.cache.removals removed 1",
                "resilience.cache.removals replaced 1", "resilience.cache.requests hit 1", "resilience.cache.requests miss 1",
                "resilience.cache.requests stale 1", $"resilience.cache.size  {bytes}",
            ],
            Published(cache.Options.Name!));
    }

    [Fact]
    public async Task WhenLatenciesAreMeasured_TheirQuantilesArePublished()
    {
        var clock = new ManualClock();
        using var cache = new ResilientCache<int, int>(new()
        {
            Name = "slow ones of a test",
            TimeProvider = clock,
            Creation = new() { MeasuresLatency = true },
        });
        await cache.GetOrCreateAsync(1, _ =>
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            return new ValueTask<int>(1);
        });
        var latencies = Published(cache.Options.Name!).Where(static line => line.StartsWith("resilience.cache.latency", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["create 0.5", "create 0.95", "create 0.99"], latencies.Select(static line => string.Join(' ', line.Split(' ')[1..3])));
        Assert.All(latencies, line => Assert.InRange(double.Parse(line.Split(' ')[3], CultureInfo.InvariantCulture), 1.98, 2.02));
    }

    [Fact]
    public void WhenTwoSnapshotsAreCompared_WhatIsCountedIsTheDifference_AndWhatIsHeldIsOfTheLater()
    {
        var cache = new PayloadCache(new PayloadCacheOptions { ColdShare = 1 });
        cache.Set("one", new byte[1_000]);
        cache.Get("one");
        var earlier = cache.Snapshot;
        cache.Set("two", new byte[1_000]);
        cache.Get("one");
        cache.Get("three");
        var since = cache.Snapshot.Since(earlier);
        Assert.Equal((1, 1, 1, 1), (since.Hits, since.Misses, since.Inflated, since.Compressions));
        Assert.Equal((2, 2L, 2_000L, 1.0), (since.Entries, since.Compressed, since.PayloadBytes, since.CompressedShare));
    }

    // What is not zero.
    private static IEnumerable<string> Published(string name)
    {
        var seen = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name.StartsWith("resilience.cache.", StringComparison.Ordinal))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        void Take(Instrument instrument, double figure, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var words = tags.ToArray().Select(static tag => string.Create(CultureInfo.InvariantCulture, $"{tag.Value}")).ToArray();
            if (words[0] == name && figure != 0)
            {
                seen.Add(string.Create(CultureInfo.InvariantCulture, $"{instrument.Name} {string.Join(' ', words[1..])} {figure}"));
            }
        }

        listener.SetMeasurementEventCallback<long>((instrument, count, tags, _) => Take(instrument, count, tags));
        listener.SetMeasurementEventCallback<double>((instrument, figure, tags, _) => Take(instrument, figure, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return seen.Order(StringComparer.Ordinal);
    }
}
