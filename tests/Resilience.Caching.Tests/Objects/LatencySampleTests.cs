using System.Buffers;
using Resilience.Testing;
using Resilience.Tests.Latency;

namespace Resilience.Caching.Tests;

[Collection(AloneCollection.Name)]
public sealed class LatencySampleTests
{
    private const int Calls = 64_000;

    [Fact]
    public void WhenItIsOff_ThereIsNothingToRead()
    {
        using var objects = new ResilientCache<int, int>();
        var payloads = new PayloadCache();
        Assert.Null(objects.GetLatency ?? objects.SetLatency ?? objects.CreationLatency);
        Assert.Null(payloads.GetLatency ?? payloads.SetLatency ?? payloads.CreationLatency);
    }

    [Fact]
    public void WhenObjectsAreRead_AtMostOneIn64IsTimed()
    {
        using var cache = new ResilientCache<string, int>(new() { MeasuresLatency = true, TimeProvider = new ManualClock() });
        var lookup = cache.GetAlternateLookup<ReadOnlySpan<char>>();
        AssertSampled(() => cache.GetLatency!, i => cache.TryGet("key", out _));
        AssertSampled(() => cache.GetLatency!, i => lookup.TryGet("key", out _));
        AssertSampled(() => cache.SetLatency!, i => cache.Set("key", i));
        AssertSampled(() => cache.GetLatency!, i => cache.GetOrCreateAsync("key", static _ => new ValueTask<int>(1)).AsTask());
        AssertSampled(() => cache.GetLatency!, i =>
        {
            cache.TryRent("key", out var lease);
            lease.Dispose();
        });
    }

    [Fact]
    public void WhenPayloadsAreRead_AtMostOneIn64IsTimed()
    {
        var cache = new PayloadCache(new PayloadCacheOptions { MeasuresLatency = true, TimeProvider = new ManualClock() });
        var (room, writer) = (new byte[10], new ArrayBufferWriter<byte>());
        AssertSampled(() => cache.SetLatency!, i => cache.Set("key", [1]));
        AssertSampled(() => cache.GetLatency!, i => cache.Get("key"));
        AssertSampled(() => cache.GetLatency!, i => cache.TryGet("key", room, out _));
        AssertSampled(() => cache.GetLatency!, i =>
        {
            writer.ResetWrittenCount();
            cache.TryGet("key", writer);
        });
        AssertSampled(() => cache.GetLatency!, i =>
        {
            cache.TryRent("key", out var lease);
            lease.Dispose();
        });
        AssertSampled(() => cache.GetLatency!, i => cache.GetOrCreateAsync("key", static (_, _) => default).AsTask());
    }

    [Fact]
    public void WhenCallsAreTimed_NothingIsAllocated()
    {
        using var cache = new ResilientCache<int, int>(new() { MeasuresLatency = true });
        cache.Set(1, 1);
        for (var i = 0; i < 1_000; i++)
        {
            cache.TryGet(1, out _);
        }

        Allocations.AssertNone(_ => cache.TryGet(1, out var _));
    }

    private static void AssertSampled(Func<PercentileTracker> tracker, Action<int> call)
    {
        var before = Count(tracker());
        for (var i = 0; i < Calls; i++)
        {
            call(i);
        }

        Assert.InRange(Count(tracker()) - before, (Calls / (2 * LatencySample.LeastGap)) - 1, (Calls / LatencySample.LeastGap) + 1);
    }

    private static long Count(PercentileTracker tracker) => (long)tracker.GetSummary([], []).Reading.Count;
}
