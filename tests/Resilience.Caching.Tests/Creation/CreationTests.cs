using Resilience.Testing;
using Resilience.Tests.Latency;

namespace Resilience.Caching.Tests;

/// <summary>One factory call a key: who joins, who leaves, what is stored and what is not.</summary>
public sealed class CreationTests
{
    private static readonly CacheEntryOptions s_short = new() { TimeToLive = TimeSpan.FromSeconds(10), StaleFor = TimeSpan.FromSeconds(20) };

    [Fact]
    public async Task WhenAThousandAskForOneKey_TheFactoryIsCalledOnce()
    {
        var source = new Source();
        using var cache = new ResilientCache<string, int>();
        var callers = Enumerable.Range(0, 1_000).Select(_ => Ask(cache, source)).ToArray();
        source.Answer(42);
        Assert.All(await Task.WhenAll(callers), value => Assert.Equal(42, value));
        Assert.Equal(1, source.Count);
        Assert.Equal(42, await Ask(cache, source));
        Assert.Equal(1, source.Count);
    }

    [Fact]
    public async Task WhenAThousandAskFromManyThreads_TheFactoryIsCalledOnceForEachRound()
    {
        using var cache = new ResilientCache<string, int>();
        for (var round = 1; round <= 50; round++)
        {
            var calls = 0;
            await Parallel.ForAsync(0, 1_000, async (i, _) => await cache.GetOrCreateAsync("key", async _ =>
            {
                Interlocked.Increment(ref calls);
                await Task.Yield();
                return i;
            }));
            Assert.Equal(1, calls);
            Assert.True(cache.Remove("key"));
        }
    }

    [Fact]
    public async Task WhenWhatHangsOnTheFactorysTokenThrows_WhoLeavesIsStillCancelled()
    {
        using var cache = new ResilientCache<string, int>();
        using var cancelled = new CancellationTokenSource();
        var caller = cache.GetOrCreateAsync("key", static async token =>
        {
            token.Register(static () => throw new InvalidOperationException());
            await Task.Delay(Timeout.Infinite, token);
            return 0;
        }, null, cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => caller);
    }

    [Fact]
    public async Task WhenTheCacheIsClearedMeanwhile_TheValueIsNotStored_AndFailuresAreForgotten()
    {
        var (cache, source, _) = Make(new CacheCreation { FailureTimeToLive = TimeSpan.FromSeconds(5) });
        using (cache)
        {
            var caller = Ask(cache, source);
            cache.Clear();
            source.Answer(1);
            Assert.Equal(1, await caller);
            Assert.False(cache.Contains("key"));

            caller = Ask(cache, source);
            source.Fail();
            await Assert.ThrowsAsync<IOException>(() => caller);
            cache.Clear();
            caller = Ask(cache, source);
            source.Answer(2);
            Assert.Equal(2, await caller);
            Assert.True(cache.Contains("key"));
        }
    }

    [Fact]
    public async Task WhenAStaleValueBecomesTooOldWhileTheFactoryRuns_TheFailureIsSeen()
    {
        var (cache, source, clock) = Make(new CacheCreation());
        using (cache)
        {
            cache.Set("key", 1);
            clock.Advance(TimeSpan.FromSeconds(29));
            var caller = Ask(cache, source);
            clock.Advance(TimeSpan.FromSeconds(1));
            source.Fail();
            await Assert.ThrowsAsync<IOException>(() => caller);
        }
    }

    [Fact]
    public async Task WhenSomeCancel_TheOthersGetTheValue_AndTheFactoryGoesOn()
    {
        var source = new Source();
        using var cache = new ResilientCache<string, int>();
        using var cancelled = new CancellationTokenSource();
        var first = Ask(cache, source, cancelled.Token);
        var second = Ask(cache, source);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(source.LastToken.IsCancellationRequested);
        source.Answer(7);
        Assert.Equal(7, await second);
        Assert.Equal(1, source.Count);
    }

    [Fact]
    public async Task WhenTheLastOneLeaves_TheFactoryIsCancelled_AndTheNextOneStartsAnew()
    {
        var source = new Source();
        using var cache = new ResilientCache<string, int>();
        using var cancelled = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 3).Select(_ => Ask(cache, source, cancelled.Token)).ToArray();
        await cancelled.CancelAsync();
        foreach (var caller in callers)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => caller);
        }

        Assert.True(source.LastToken.IsCancellationRequested);
        var next = Ask(cache, source);
        source.Answer(1);
        source.Answer(2);
        Assert.Equal(2, await next);
        Assert.Equal(2, source.Count);
    }

    [Fact]
    public async Task WhenTheFactoryFails_AllWhoWaitSeeIt_AndItIsNotRemembered()
    {
        var source = new Source();
        using var cache = new ResilientCache<string, int>();
        var callers = Enumerable.Range(0, 10).Select(_ => Ask(cache, source)).ToArray();
        source.Fail();
        foreach (var caller in callers)
        {
            await Assert.ThrowsAsync<IOException>(() => caller);
        }

        var next = Ask(cache, source);
        source.Answer(5);
        Assert.Equal(5, await next);
    }

    [Fact]
    public async Task WhenFailuresAreRemembered_TheFactoryIsNotCalledAgainUntilTheyExpire()
    {
        var (cache, source, clock) = Make(new CacheCreation { FailureTimeToLive = TimeSpan.FromSeconds(5) });
        using (cache)
        {
            var first = Ask(cache, source);
            source.Fail();
            await Assert.ThrowsAsync<IOException>(() => first);
            await Assert.ThrowsAsync<IOException>(() => Ask(cache, source));
            Assert.Equal(1, source.Count);
            clock.Advance(TimeSpan.FromSeconds(5));
            var next = Ask(cache, source);
            source.Answer(5);
            Assert.Equal(5, await next);
        }
    }

    [Fact]
    public async Task WhenTheFactoryFails_AStaleValueIsServed_UntilItIsTooOld()
    {
        var (cache, source, clock) = Make(new CacheCreation());
        using (cache)
        {
            cache.Set("key", 1);
            clock.Advance(TimeSpan.FromSeconds(10));
            Assert.False(cache.TryGet("key", out _));
            var caller = Ask(cache, source);
            source.Fail();
            Assert.Equal(1, await caller);
            clock.Advance(TimeSpan.FromSeconds(20));
            caller = Ask(cache, source);
            source.Fail();
            await Assert.ThrowsAsync<IOException>(() => caller);
        }
    }

    [Fact]
    public async Task WhenTheFactoryIsSlow_AStaleValueIsServed_AndTheNewOneComesInTheBackground()
    {
        var (cache, source, clock) = Make(new CacheCreation { SoftTimeout = TimeSpan.FromSeconds(1) });
        using (cache)
        {
            cache.Set("key", 1);
            clock.Advance(TimeSpan.FromSeconds(10));
            var caller = Ask(cache, source);
            Assert.False(caller.IsCompleted);
            clock.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal(1, await caller);
            Assert.False(source.LastToken.IsCancellationRequested);
            var joined = Ask(cache, source);
            source.Answer(2);
            Assert.Equal(2, await joined);
            Assert.Equal(2, await Ask(cache, source));
            Assert.Equal(1, source.Count);
        }
    }

    [Fact]
    public async Task WhenTheSoftTimeoutIsZero_AStaleValueIsServedAtOnce()
    {
        var (cache, source, clock) = Make(new CacheCreation { SoftTimeout = TimeSpan.Zero });
        using (cache)
        {
            cache.Set("key", 1);
            clock.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(1, await Ask(cache, source));
            Assert.Equal(1, await Ask(cache, source));
            Assert.Equal(1, source.Count);
        }
    }

    [Fact]
    public async Task WhenMostOfItsTimeHasPassed_AHitHasTheValueCreatedAnew()
    {
        var (cache, source, clock) = Make(new CacheCreation());
        using (cache)
        {
            cache.Set("key", 1, s_short with { RefreshAfter = 0.8 });
            clock.Advance(TimeSpan.FromSeconds(7.9));
            Assert.Equal(1, await Ask(cache, source));
            Assert.Equal(0, source.Count);
            clock.Advance(TimeSpan.FromSeconds(0.1));
            var started = new TaskCompletionSource();
            var answer = new TaskCompletionSource<int>();
            Assert.Equal(1, await cache.GetOrCreateAsync("key", async _ =>
            {
                started.SetResult();
                return await answer.Task;
            }));
            await started.Task;
            Assert.Equal(1, await Ask(cache, source));
            answer.SetResult(2);
            while (!cache.TryGet("key", out var value) || value != 2)
            {
                await Task.Yield();
            }

            Assert.Equal(0, source.Count);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenTheKeyIsSetOrRemovedMeanwhile_TheValueIsNotStored(bool isSet)
    {
        var source = new Source();
        using var cache = new ResilientCache<string, int>();
        var caller = Ask(cache, source);
        if (isSet)
        {
            cache.Set("key", 9);
        }
        else
        {
            cache.Remove("key");
        }

        source.Answer(1);
        Assert.Equal(1, await caller);
        Assert.Equal(isSet, cache.TryGet("key", out var value));
        Assert.Equal(isSet ? 9 : 0, value);
    }

    [Fact]
    public async Task WhenThereIsAPipeline_TheFactoryRunsThroughIt()
    {
        var calls = 0;
        var pipeline = new PipelineBuilder().AddRetry(new RetryOptions { MaxRetries = 2, Backoff = Backoff.Constant(TimeSpan.Zero) }).Build();
        using var cache = new ResilientCache<string, int>(new() { Creation = new CacheCreation { Pipeline = pipeline } });
        var value = await cache.GetOrCreateAsync("key", _ => ++calls < 3 ? throw new IOException() : new ValueTask<int>(calls));
        Assert.Equal((3, 3), (value, calls));
    }

    [Fact]
    public async Task WhenCallersLeaveAndFactoriesFail_EveryoneEnds_AndNothingIsLeftOnItsWay()
    {
        using var cache = new ResilientCache<int, int>(new() { MaxEntries = 2 });
        var (values, cancelled, failed) = (0, 0, 0);
        await Parallel.ForAsync(0, 5_000, async (i, _) =>
        {
            using var caller = new CancellationTokenSource();
            var call = cache.GetOrCreateAsync(i % 5, i, static async (i, token) =>
            {
                await Task.Yield();
                token.ThrowIfCancellationRequested();
                return i % 7 == 0 ? throw new IOException() : i;
            }, null, caller.Token);
            if (i % 3 == 0)
            {
                await caller.CancelAsync();
            }

            try
            {
                await call;
                Interlocked.Increment(ref values);
            }
            catch (IOException)
            {
                Interlocked.Increment(ref failed);
            }
            catch (OperationCanceledException e) when (e.CancellationToken == caller.Token)
            {
                Interlocked.Increment(ref cancelled);
            }
        });
        Assert.Equal(5_000, values + cancelled + failed);
        Assert.InRange(cache.Count, 0, 2);
        for (var left = 0; cache.Underway > 0 && left < 1_000_000; left++)
        {
            await Task.Yield();
        }

        Assert.Equal(0, cache.Underway);
    }

    [Fact]
    public async Task WhenTheCacheIsDisposedMeanwhile_TheValueIsNotStored()
    {
        var source = new Source();
        var cache = new ResilientCache<string, int>();
        var caller = Ask(cache, source);
        cache.Dispose();
        source.Answer(1);
        Assert.Equal(1, await caller);
        Assert.Equal(0, cache.Count);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Ask(cache, source));
    }

    [Fact]
    public async Task WhenTheFactoryEndsAtOnce_SoDoesTheCall()
    {
        using var cache = new ResilientCache<string, int>();
        var call = cache.GetOrCreateAsync("key", 5, static (state, _) => new ValueTask<int>(state));
        Assert.True(call.IsCompletedSuccessfully);
        Assert.Equal(5, await call);
    }

    private static (ResilientCache<string, int> Cache, Source Source, ManualClock Clock) Make(CacheCreation creation)
    {
        var clock = new ManualClock();
        return (new ResilientCache<string, int>(new() { Entry = s_short, Creation = creation, TimeProvider = clock }), new Source(), clock);
    }

    private static Task<int> Ask(ResilientCache<string, int> cache, Source source, CancellationToken token = default) =>
        cache.GetOrCreateAsync("key", source, static (source, token) => source.CallAsync(token), null, token).AsTask();
}
