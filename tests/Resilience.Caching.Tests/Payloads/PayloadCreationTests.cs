using System.Buffers;
using Resilience.Caching.Tests.Compression;
using Resilience.Testing;

namespace Resilience.Caching.Tests.Payloads;

/// <summary>One factory call a key: who joins, who leaves, what is stored, what the leases give.</summary>
public sealed class PayloadCreationTests
{
    private const int Length = 3_000;
    private static readonly CacheEntryOptions s_short = new() { TimeToLive = TimeSpan.FromSeconds(10), StaleFor = TimeSpan.FromSeconds(20) };

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    public async Task WhenAThousandAskForOneKey_EachWaveIsOneFactoryCall_WhoeverLeavesAndWhateverFails(double coldShare)
    {
        var source = new Source();
        var cache = new PayloadCache(new PayloadCacheOptions { ColdShare = coldShare }, isManual: true);
        foreach (var fails in new[] { true, false })
        {
            using var leaves = new CancellationTokenSource();
            var callers = Enumerable.Range(0, 1_000).Select(i => Ask(cache, source, i % 3 == 0 ? leaves.Token : default)).ToArray();
            await leaves.CancelAsync();
            Assert.False(source.LastToken.IsCancellationRequested);
            if (fails)
            {
                source.Fail();
            }
            else
            {
                source.Answer(7);
            }

            for (var i = 0; i < callers.Length; i++)
            {
                await Expect(i % 3 == 0 ? typeof(TaskCanceledException) : fails ? typeof(IOException) : null, callers[i]);
            }
        }

        Assert.Equal((2, 0), (source.Count, cache.Underway));
        await Expect(7, Ask(cache, source));
        Assert.Equal(2, source.Count);
        var counts = cache.Snapshot;
        Assert.Equal((1, 1, 1_998, 1, 2_000), (counts.Created, counts.Failed, counts.Joins, counts.Hits, counts.Misses));
        cache.Clear();
        Assert.Equal((0, 0L), (cache.Count, cache.Bytes));
    }

    [Fact]
    public async Task WhenAThousandAskFromManyThreads_TheFactoryIsCalledOnceForEachRound()
    {
        var cache = new PayloadCache();
        for (var round = 1; round <= 30; round++)
        {
            Assert.Equal(1, await CallsOfAThousand(cache, (write, _) => cache.GetOrCreateAsync("key", write)));
            Assert.True(cache.Remove("key"));
        }
    }

    [Fact]
    public async Task WhenCallersLookAndThenCreate_TheSuiteCatchesIt()
    {
        var cache = new PayloadCache();
        Assert.InRange(await CallsOfAThousand(cache, async (write, release) =>
        {
            if (!cache.TryRent("key", out var lease))
            {
                // Each sees that it is missing before one of them has set it.
                await release;
                var writer = new ArrayBufferWriter<byte>();
                await write(writer, default);
                cache.Set("key", writer.WrittenSpan);
                Assert.True(cache.TryRent("key", out lease));
            }

            return lease;
        }), 2, 1_000);
    }

    private static async Task<int> CallsOfAThousand(
        PayloadCache cache, Func<Func<IBufferWriter<byte>, CancellationToken, ValueTask>, Task, ValueTask<PayloadLease>> ask)
    {
        var (calls, started) = (0, 0);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var callers = Enumerable.Range(0, 1_000).Select(_ => Task.Run(async () =>
        {
            if (Interlocked.Increment(ref started) == 1_000)
            {
                release.SetResult();
            }

            using var lease = await ask(
                async (writer, _) =>
                {
                    Interlocked.Increment(ref calls);
                    await release.Task;
                    writer.Write(Samples.Json(Length));
                },
                release.Task);
            Assert.True(lease.Memory.Span.SequenceEqual(Samples.Json(Length)));
        })).ToArray();
        await Task.WhenAll(callers);
        Assert.Equal(1, cache.Count);
        return calls;
    }

    [Fact]
    public async Task WhenTheLastOneLeaves_TheFactoryIsCancelled_AndTheNextOneStartsAnew()
    {
        var source = new Source();
        var cache = new PayloadCache();
        using var leaves = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 3).Select(_ => Ask(cache, source, leaves.Token)).ToArray();
        await leaves.CancelAsync();
        foreach (var caller in callers)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => caller);
        }

        Assert.True(source.LastToken.IsCancellationRequested);
        var next = Ask(cache, source);
        source.Answer(1);
        source.Answer(2);
        await Expect(2, next);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task WhenTheFactoryFails_AStalePayloadIsServed_UntilItIsTooOld(double coldShare)
    {
        var (cache, source, clock) = Make(new CacheCreation(), coldShare);
        cache.Set("key", Samples.Json(Length, 1));
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(cache.Get("key"));
        var caller = Ask(cache, source);
        source.Fail();
        await Expect(1, caller);
        Assert.Equal(1, cache.Snapshot.Stale);
        clock.Advance(TimeSpan.FromSeconds(20));
        caller = Ask(cache, source);
        source.Fail();
        await Assert.ThrowsAsync<IOException>(() => caller);
        Assert.Equal(0, cache.Bytes);
    }

    [Fact]
    public async Task WhenAStaleFrameIsDamaged_ThePayloadIsCreated()
    {
        var (cache, source, clock) = Make(new CacheCreation { SoftTimeout = TimeSpan.Zero }, coldShare: 1);
        cache.Set("key", Samples.Json(Length, 1));
        cache.Core.Find("key")!.Value.Bytes[40] ^= 1;
        clock.Advance(TimeSpan.FromSeconds(10));
        var caller = Ask(cache, source);
        source.Answer(2);
        await Expect(2, caller);
        Assert.Equal((1, 1), (cache.Snapshot.Corrupt, source.Count));
    }

    [Fact]
    public async Task WhenAFreshFrameIsDamaged_ThePayloadIsCreated()
    {
        var (cache, source, _) = Make(new CacheCreation(), coldShare: 1);
        cache.Set("key", Samples.Json(Length, 1));
        cache.Core.Find("key")!.Value.Bytes[40] ^= 1;
        var caller = Ask(cache, source);
        source.Answer(2);
        await Expect(2, caller);
        Assert.Equal((1, 0, 1), (cache.Snapshot.Corrupt, cache.Snapshot.Hits, cache.Snapshot.Misses));
    }

    [Fact]
    public async Task WhenTheFactoryIsSlow_AStalePayloadIsServed_AndTheNewOneComesInTheBackground()
    {
        var (cache, source, clock) = Make(new CacheCreation { SoftTimeout = TimeSpan.FromSeconds(1) });
        cache.Set("key", Samples.Json(Length, 1));
        clock.Advance(TimeSpan.FromSeconds(10));
        var caller = Ask(cache, source);
        Assert.False(caller.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));
        await Expect(1, caller);
        Assert.False(source.LastToken.IsCancellationRequested);
        var joined = Ask(cache, source);
        source.Answer(2);
        await Expect(2, joined);
        await Expect(2, Ask(cache, source));
        Assert.Equal(1, source.Count);
    }

    [Fact]
    public async Task WhenMostOfItsTimeHasPassed_AHitHasThePayloadCreatedAnew()
    {
        var (cache, source, clock) = Make(new CacheCreation());
        cache.Set("key", Samples.Json(Length, 1), s_short with { RefreshAfter = 0.8 });
        clock.Advance(TimeSpan.FromSeconds(7.9));
        await Expect(1, Ask(cache, source));
        Assert.Equal(0, source.Count);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        await Expect(1, Ask(cache, source));
        while (source.Count == 0)
        {
            await Task.Yield();
        }

        await Expect(1, Ask(cache, source));
        source.Answer(2);
        while (!cache.Get("key")!.AsSpan().SequenceEqual(Samples.Json(Length, 2)))
        {
            await Task.Yield();
        }

        Assert.Equal(1, source.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenTheKeyIsSetOrRemovedMeanwhile_ThePayloadIsNotStored(bool isSet)
    {
        var source = new Source();
        var cache = new PayloadCache();
        var caller = Ask(cache, source);
        _ = isSet ? cache.Set("key", [9]) : cache.Remove("a key".AsSpan(2));
        source.Answer(1);
        await Expect(1, caller);
        Assert.Equal(isSet ? [9] : null, cache.Get("key"));
    }

    [Fact]
    public async Task WhenFailuresAreRemembered_TheFactoryIsNotCalledAgainUntilTheyExpire()
    {
        var (cache, source, clock) = Make(new CacheCreation { FailureTimeToLive = TimeSpan.FromSeconds(5) });
        var first = Ask(cache, source);
        source.Fail();
        await Assert.ThrowsAsync<IOException>(() => first);
        await Assert.ThrowsAsync<IOException>(() => Ask(cache, source));
        Assert.Equal(1, source.Count);
        clock.Advance(TimeSpan.FromSeconds(5));
        var next = Ask(cache, source);
        source.Answer(5);
        await Expect(5, next);
    }

    [Fact]
    public async Task WhenAnAttemptFailsHalfWay_TheNextOneWritesFromTheBeginning_AndTheOldWriterIsOfNoUse()
    {
        var pipeline = new PipelineBuilder().AddRetry(new RetryOptions { MaxRetries = 2, Backoff = Backoff.Constant(TimeSpan.Zero) }).Build();
        var cache = new PayloadCache(new PayloadCacheOptions { Creation = new CacheCreation { Pipeline = pipeline } });
        var writers = new List<IBufferWriter<byte>>();
        using var lease = await cache.GetOrCreateAsync("key", (writer, _) =>
        {
            writers.Add(writer);
            writer.Write<byte>([(byte)writers.Count, 5]);
            return writers.Count < 3 ? throw new IOException() : default;
        });
        Assert.Equal([3, 5], lease.Memory.ToArray());
        Assert.Equal(3, writers.Distinct().Count());
        Assert.All(writers, writer => Assert.Throws<ObjectDisposedException>(() => writer.GetSpan()));
    }

    [Fact]
    public async Task WhenThereIsNoRoom_ThePayloadReachesTheCaller_AndIsNotStored()
    {
        var cache = new PayloadCache(new PayloadCacheOptions { MaxBytes = 100 });
        using var lease = await cache.GetOrCreateAsync("key", static (writer, _) =>
        {
            writer.Write(new byte[101]);
            return default;
        });
        Assert.Equal(101, lease.Memory.Length);
        Assert.Equal((0, 1), (cache.Count, cache.Snapshot.Refused));
    }

    [Fact]
    public async Task WhenACreatedPayloadIsEvictedUnderItsLease_ItsBytesCountUntilItIsDisposed()
    {
        var cache = new PayloadCache(new PayloadCacheOptions { MaxBytes = 100, ColdShare = 0, Eviction = CacheEviction.LeastRecentlyUsed });
        var lease = await cache.GetOrCreateAsync("key", static (writer, _) =>
        {
            writer.Write(new byte[60]);
            return default;
        });
        Assert.False(cache.Set("other", new byte[60]));
        Assert.Equal((60L, 60), (cache.Bytes, lease.Memory.Length));
        lease.Dispose();
        Assert.Equal(0, cache.Bytes);
    }

    [Fact]
    public async Task WhenCompressionIsSwitchedOff_TheCreatedPayloadStaysRaw()
    {
        var cache = new PayloadCache(new PayloadCacheOptions { ColdShare = 1 });
        foreach (var compress in new[] { true, false })
        {
            (await cache.GetOrCreateAsync($"{compress}", 0, static (_, writer, _) =>
            {
                writer.Write(Samples.Json(Length));
                return default;
            }, null, compress)).Dispose();
            Assert.Equal(compress, cache.Core.Find($"{compress}")!.Value.IsCompressed);
            Assert.Equal(Samples.Json(Length), cache.Get($"{compress}"));
        }
    }

    [Fact]
    public async Task WhenCallersLeaveAndFactoriesFail_EveryoneEnds_AndNothingIsLeftOnItsWay()
    {
        var cache = new PayloadCache(new PayloadCacheOptions { MaxEntries = 2, ColdShare = 1 });
        var (payloads, cancelled, failed) = (0, 0, 0);
        await Parallel.ForAsync(0, 5_000, async (i, _) =>
        {
            using var caller = new CancellationTokenSource();
            var call = cache.GetOrCreateAsync($"{i % 5}", i, static async (i, writer, token) =>
            {
                await Task.Yield();
                token.ThrowIfCancellationRequested();
                writer.Write(i % 7 == 0 ? throw new IOException() : Samples.Json(600, i % 5));
            }, cancellationToken: caller.Token);
            if (i % 3 == 0)
            {
                await caller.CancelAsync();
            }

            try
            {
                using var lease = await call;
                Assert.True(lease.Memory.Span.SequenceEqual(Samples.Json(600, i % 5)));
                Interlocked.Increment(ref payloads);
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
        Assert.Equal(5_000, payloads + cancelled + failed);
        for (var left = 0; cache.Underway > 0 && left < 1_000_000; left++)
        {
            await Task.Yield();
        }

        Assert.Equal(0, cache.Underway);
        cache.Clear();
        Assert.Equal((0, 0L, 0L), (cache.Count, cache.Bytes, cache.Snapshot.PayloadBytes));
    }

    [Fact]
    public async Task WhenOptionsAreOutOfRange_TheFactoryIsNotCalled()
    {
        var (cache, source, _) = Make(new CacheCreation());
        await Assert.ThrowsAsync<ArgumentException>(() => cache.GetOrCreateAsync(
            "key", source, WriteAsync, new CacheEntryOptions { TimeToLive = TimeSpan.Zero }).AsTask());
        Assert.Equal(0, source.Count);
    }

    private static (PayloadCache Cache, Source Source, ManualClock Clock) Make(CacheCreation creation, double coldShare = 0.5)
    {
        var clock = new ManualClock();
        var options = new PayloadCacheOptions { Entry = s_short, Creation = creation, TimeProvider = clock, ColdShare = coldShare };
        return (new PayloadCache(options, isManual: true), new Source(), clock);
    }

    private static Task<PayloadLease> Ask(PayloadCache cache, Source source, CancellationToken token = default) =>
        cache.GetOrCreateAsync("key", source, WriteAsync, cancellationToken: token).AsTask();

    private static async ValueTask WriteAsync(Source source, IBufferWriter<byte> writer, CancellationToken token) =>
        writer.Write(Samples.Json(Length, await source.CallAsync(token)));

    private static async Task Expect(Type? failure, Task<PayloadLease> call)
    {
        if (failure is null)
        {
            await Expect(7, call);
        }
        else
        {
            await Assert.ThrowsAsync(failure, () => call);
        }
    }

    private static async Task Expect(int seed, Task<PayloadLease> call)
    {
        using var lease = await call;
        Assert.True(lease.Memory.Span.SequenceEqual(Samples.Json(Length, seed)));
    }
}
