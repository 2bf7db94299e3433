using Resilience.Testing;

namespace Resilience.Caching.Tests;

public sealed class CachingStrategyTests
{
    private readonly ManualClock _clock = new();
    private int _calls;

    [Fact]
    public async Task WhenTheNameHasAFreshValue_WhatIsInsideIsNotCalled()
    {
        using var cache = Make();
        var pipeline = Builder().AddCache(cache).Build();
        Assert.Equal("1", await Call(pipeline, "quote"));
        Assert.Equal("1", await Call(pipeline, "quote"));
        Assert.Equal("2", await Call(pipeline, "other"));
        Assert.Equal("3", await Call(pipeline, null));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("4", await Call(pipeline, "quote"));
    }

    [Fact]
    public async Task WhenManyAskAtOnce_TheyShareOneCall()
    {
        using var cache = Make();
        var pipeline = Builder().AddCache(cache).Build();
        var gate = new TaskCompletionSource();
        var calls = Enumerable.Range(0, 20).Select(async _ =>
        {
            using var context = CallContext.Rent("quote");
            return await pipeline.ExecuteAsync(async (_) =>
            {
                Interlocked.Increment(ref _calls);
                await gate.Task;
                return "shared";
            }, context);
        }).ToArray();
        gate.SetResult();
        Assert.All(await Task.WhenAll(calls), value => Assert.Equal("shared", value));
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task WhenWhatIsInsideFails_TheCallFails_OrServesStale()
    {
        using var cache = Make();
        var pipeline = Builder().AddCache(cache).Build();
        await Assert.ThrowsAsync<IOException>(() => Call(pipeline, "quote", fails: true));
        Assert.Equal("2", await Call(pipeline, "quote"));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("2", await Call(pipeline, "quote", fails: true));
    }

    [Fact]
    public async Task WhenACallFails_TheLastGoodResultIsItsFallback_UntilItIsTooOld()
    {
        using var cache = Make();
        var pipeline = Builder().AddStaleFallback(cache).Build();
        await Assert.ThrowsAsync<IOException>(() => Call(pipeline, "quote", fails: true));
        Assert.Equal("2", await Call(pipeline, "quote"));
        Assert.Equal("3", await Call(pipeline, "quote"));
        Assert.Equal("3", await Call(pipeline, "quote", fails: true));
        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("3", await Call(pipeline, "quote", fails: true));
        _clock.Advance(TimeSpan.FromSeconds(15));
        await Assert.ThrowsAsync<IOException>(() => Call(pipeline, "quote", fails: true));
    }

    [Fact]
    public void WhenTheCacheWouldGoOnInTheBackground_ItIsRefused()
    {
        using var soft = new ResilientCache<string, string>(new() { Creation = new() { SoftTimeout = TimeSpan.Zero } });
        Assert.Throws<ArgumentException>(() => new PipelineBuilder<string>().AddCache(soft));
    }

    private ResilientCache<string, string> Make() => new(new()
    {
        TimeProvider = _clock,
        Entry = new() { TimeToLive = TimeSpan.FromSeconds(10), StaleFor = TimeSpan.FromSeconds(20) },
    });

    private PipelineBuilder<string> Builder() => new() { TimeProvider = _clock };

    private async Task<string> Call(Pipeline<string> pipeline, string? name, bool fails = false)
    {
        using var context = name is null ? null : CallContext.Rent(name);
        return await pipeline.ExecuteAsync((CallContext _) =>
        {
            _calls++;
            return fails ? throw new IOException() : new ValueTask<string>($"{_calls}");
        }, context);
    }
}
