using System.Buffers;
using System.Text;

namespace Resilience.Caching.Tests.Payloads;

public sealed class PayloadManyTests
{
    private readonly PayloadCache _cache = new(new PayloadCacheOptions { MaxBytes = 1_000, ColdShare = 0, Eviction = CacheEviction.LeastRecentlyUsed });
    private readonly List<string[]> _calls = [];

    [Fact]
    public async Task WhenSomeAreMissing_OneCallCreatesThem_AndAllAreStored()
    {
        _cache.Set("1", "one"u8);
        using var payloads = await Ask("1", "2", "3", "2");
        Assert.Equal("1:one 2:new 3:new", Text(payloads));
        Assert.Equal(["2", "3"], Assert.Single(_calls));
        using var again = await Ask("1", "2", "3");
        Assert.Single(_calls);
        Assert.Equal((4, 2, 2), (_cache.Snapshot.Hits, _cache.Snapshot.Misses, _cache.Snapshot.Created));
    }

    [Fact]
    public async Task WhenTheFactoryLeavesSomeOut_TheyHaveNoPayload()
    {
        using var payloads = await Ask("1", "-2");
        Assert.Equal("1:new", Text(payloads));
        Assert.False(payloads.TryGetValue("-2", out _));
        Assert.False(payloads.ContainsKey("-2"));
        Assert.Throws<KeyNotFoundException>(() => payloads["-2"]);
        Assert.Equal("new"u8.ToArray(), Assert.Single(payloads.Values).ToArray());
        Assert.Equal("1", Assert.Single(payloads.Keys));
    }

    [Fact]
    public async Task WhenAKeyIsOnItsWay_ItIsJoined_AfterTheOwnCallHasStarted()
    {
        var answer = new TaskCompletionSource();
        var single = _cache.GetOrCreateAsync("1", async (writer, _) =>
        {
            await answer.Task;
            writer.Write("single"u8);
        }).AsTask();
        var many = Ask("1", "2");
        Assert.Equal(["2"], Assert.Single(_calls));
        Assert.False(many.IsCompleted);
        answer.SetResult();
        using var payloads = await many;
        Assert.Equal("1:single 2:new", Text(payloads));
        (await single).Dispose();
    }

    [Fact]
    public async Task WhenTheCallFails_SoDoesThis_AndNoLeaseIsKept()
    {
        _cache.Set("1", new byte[900]);
        await Assert.ThrowsAsync<IOException>(() => _cache.GetManyAsync(
            ["1", "2"], 0, static (_, _, _) => ValueTask.FromException<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>(new IOException())).AsTask());
        Assert.True(_cache.Set("3", new byte[900]));
        Assert.Equal(900, _cache.Bytes);
    }

    [Fact]
    public async Task WhenTheLeasesAreDisposed_TheirBytesCountNoLonger()
    {
        _cache.Set("1", new byte[900]);
        var payloads = await Ask("1");
        Assert.False(_cache.Set("3", new byte[900]));
        payloads.Dispose();
        payloads.Dispose();
        Assert.Empty(payloads);
        Assert.True(_cache.Set("3", new byte[900]));
    }

    [Fact]
    public async Task WhenAFrameIsDamaged_ItsPayloadIsCreated()
    {
        var cache = new PayloadCache(new PayloadCacheOptions { ColdShare = 1 });
        cache.Set("1", Compression.Samples.Json(3_000));
        cache.Core.Find("1")!.Value.Bytes[40] ^= 1;
        using var payloads = await cache.GetManyAsync(["1"], 0, static (_, _, _) => New(["1"]));
        Assert.Equal("1:new", Text(payloads));
        Assert.Equal(1, cache.Snapshot.Corrupt);
    }

    private static string Text(PayloadLeases payloads) =>
        string.Join(' ', payloads.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}:{Encoding.UTF8.GetString(pair.Value.Span)}"));

    private static ValueTask<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> New(IEnumerable<string> keys) =>
        new(keys.ToDictionary(static key => key, static _ => (ReadOnlyMemory<byte>)"new"u8.ToArray()));

    private Task<PayloadLeases> Ask(params string[] keys) => _cache.GetManyAsync(keys, this, static (keys, test, _) =>
    {
        test._calls.Add([.. keys]);
        return New(keys.Where(static key => key[0] != '-'));
    }).AsTask();
}
