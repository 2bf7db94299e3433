using System.Runtime.CompilerServices;
using Resilience.Testing;

namespace Resilience.Tests.Execution;

/// <summary>Strategies that run the inner part of a call themselves.</summary>
public sealed class WrappingTests : Timeouts.FreshStack
{
    private static readonly PropertyKey<string> s_key = new("key");
    private readonly ManualClock _clock = new();
    private readonly Probe _outer = new("outer");
    private readonly Probe _inner = new("inner");

    [Fact]
    public async Task WhenAScopeIsHeldAround_ItIsOpenInsideAndClosedOutside()
    {
        var open = false;
        var pipeline = Around(async inner =>
        {
            open = true;
            try
            {
                return await inner.ExecuteAsync();
            }
            finally
            {
                open = false;
            }
        });
        var source = new TaskCompletionSource<int>();
        var call = pipeline.ExecuteAsync((CancellationToken _) => source.Task);
        Assert.True(open);
        source.SetResult(1);
        Assert.Equal(1, await call);
        Assert.False(open);
        Assert.Equal((1, 1, 1, 1), (_outer.Entered, _outer.Left, _inner.Entered, _inner.Left));
    }

    [Fact]
    public async Task WhenTheInnerPartIsNotRun_NothingInsideIsEntered()
    {
        var pipeline = Around(static _ => new(Outcome.FromResult(5)));
        Assert.Equal(5, await pipeline.ExecuteAsync(static (CancellationToken _) => new ValueTask<int>(1)));
        Assert.Equal((0, 1), (_inner.Entered, _outer.Left));
    }

    [Fact]
    public async Task WhenTheInnerPartRunsTwiceAtOnce_EachRunHasItsOwnStrategiesTokenAndContext()
    {
        using var context = CallContext.Rent("forked", TimeSpan.FromSeconds(10));
        context.Set(s_key, "shared");
        var sources = new Queue<TaskCompletionSource<int>>([new(), new()]);
        var contexts = new List<CallContext>();
        var tokens = new List<CancellationToken>();
        var lost = new TaskCompletionSource();
        var pipeline = Around(async inner =>
        {
            using var loser = CancellationTokenSource.CreateLinkedTokenSource(inner.CancellationToken);
            var first = inner.ExecuteAsync(loser.Token).AsTask();
            var second = inner.ExecuteAsync();
            await loser.CancelAsync();
            Assert.IsType<TaskCanceledException>((await first).Exception);
            lost.SetResult();
            return await second;
        });
        var call = pipeline.ExecuteAsync(
            async c =>
            {
                contexts.Add(c);
                tokens.Add(c.CancellationToken);
                Assert.Equal("forked", c.OperationName);
                Assert.True(c.TryGet(s_key, out var value) && value == "shared");
                return await sources.Dequeue().Task.WaitAsync(c.CancellationToken);
            },
            context);
        await lost.Task;
        Assert.NotSame(contexts[0], contexts[1]);
        Assert.Equal((true, false), (tokens[0].IsCancellationRequested, tokens[1].IsCancellationRequested));
        _clock.Advance(TimeSpan.FromSeconds(10));
        var failure = await Assert.ThrowsAsync<TimeoutRejectedException>(() => call.AsTask());
        Assert.Equal("caller", failure.DeadlineOwner);
        Assert.Equal((2, 2, 1), (_inner.Entered, _inner.Left, _outer.Left));
    }

    [Fact]
    public async Task WhenAChildIsAbandoned_TheContextIsNotReusedBeforeItEnds()
    {
        var source = new TaskCompletionSource<int>();
        var name = default(string);
        var context = CallContext.Rent("first");
        var pipeline = Around(inner =>
        {
            _ = inner.ExecuteAsync();
            return new(Outcome.FromResult(0));
        });
        Assert.Equal(0, await pipeline.ExecuteAsync(
            async c =>
            {
                await source.Task;
                name = c.OperationName;
                c.Set(s_key, "late");
                return 1;
            },
            context));
        context.Dispose();
        using var others = CallContext.Rent("second");
        source.SetResult(1);
        Assert.Equal(("first", false), (name, others.TryGet(s_key, out _)));
        Assert.Equal((1, 1), (_inner.Entered, _inner.Left));
    }

    [Fact]
    public async Task WhenAChildIsAbandoned_WhatBecomesOfItIsNotTheNextCallsBusiness()
    {
        var (late, second, again) = (new TaskCompletionSource<int>(), new TaskCompletionSource<int>(), new TaskCompletionSource());
        var options = new RetryOptions { Backoff = Backoff.None, MaxRetries = 1, KeptOutcomes = 3 };
        var abandons = true;
        var pipeline = new PipelineBuilder<int>().AddRetry(options with { KeptOutcomes = 0 }).Add(new Around<int>(inner =>
        {
            var run = inner.ExecuteAsync();
            return abandons ? new(Outcome.FromResult(0)) : run;
        })).AddRetry(options).Build();
        using var context = CallContext.Rent();
        var attempts = 0;
        Assert.Equal(0, await pipeline.ExecuteAsync(
            c =>
            {
                if (attempts++ == 0)
                {
                    return new ValueTask<int>(late.Task);
                }

                c.ForbidAgain();
                again.SetResult();
                throw new IOException();
            },
            context));
        abandons = false;
        var starts = 0;
        var call = pipeline.ExecuteAsync(_ => new ValueTask<int>(starts++ == 0 ? second.Task : Task.FromResult(2)), context);
        late.SetException(new IOException());
        await again.Task;
        Assert.Empty(context.EarlierOutcomes);
        second.SetException(new IOException());
        Assert.Equal((2, 2), (await call, starts));
        Assert.Single(context.EarlierOutcomes);
        Assert.Equal(GiveUpReason.None, context.GaveUp);
    }

    [Fact]
    public async Task WhenAChildIsAbandoned_TheInnerPartStaysValidUntilItEnds()
    {
        var source = new TaskCompletionSource<int>();
        var kept = default(Inner<int>);
        var pipeline = Around(inner =>
        {
            kept = inner;
            _ = inner.ExecuteAsync();
            return new(Outcome.FromResult(0));
        });
        Assert.Equal(0, await pipeline.ExecuteAsync((CancellationToken _) => source.Task));
        Assert.Equal(0, kept.Attempt);
        source.SetResult(1);
        AssertOver(kept);
    }

    [Fact]
    public async Task WhenRunAfterTheEnd_ThrowsClearly_AlsoWhenAnotherCallUsesTheObject()
    {
        var kept = new List<Inner<int>>();
        var pipeline = Around(inner =>
        {
            kept.Add(inner);
            if (kept.Count > 1)
            {
                AssertOver(kept[0]);
            }

            return inner.ExecuteAsync();
        });
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(i, await pipeline.ExecuteAsync((CancellationToken _) => new ValueTask<int>(i)));
            AssertOver(kept[i]);
        }

        AssertOver(default);
    }

    [Fact]
    public void WhenAHandleIsUsedAsItsCallEnds_NoRunReachesAnotherCall()
    {
        var running = 0;
        var strays = 0;
        var stop = false;
        var latest = new StrongBox<(Inner<int> Handle, int Call)>();
        var pipeline = Pipelines.For<int>(new Around<int>(inner =>
        {
            Volatile.Write(ref latest, new((inner, running)));
            return inner.ExecuteAsync();
        }));
        var stray = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                var (handle, call) = Volatile.Read(ref latest).Value;
                try
                {
                    strays += handle.ExecuteAsync().Result.ResultOrDefault == call ? 0 : 1;
                }
                catch (InvalidOperationException)
                {
                }
            }
        });
        stray.Start();
        for (running = 0; running < 50_000; running++)
        {
            Assert.Equal(running, pipeline.ExecuteAsync(static (n, _) => new ValueTask<int>(n), running).Result);
        }

        Volatile.Write(ref stop, true);
        stray.Join();
        Assert.Equal(0, strays);
    }

    [Fact]
    public async Task WhenItThrowsAtOnce_TheCallFailsWithThat()
    {
        var pipeline = Around(static _ => throw new ScriptedException("at once"));
        Assert.Equal("at once", (await pipeline.ExecuteOutcomeAsync(static (CancellationToken _) => new ValueTask<int>(1))).Exception?.Message);
        Assert.Equal((1, Verdict.Transient), (_outer.Left, _outer.LastVerdict));
    }

    [Fact]
    public async Task WhenThereIsADeadlineOutside_TheChildHeedsIt()
    {
        var pipeline = new PipelineBuilder<int> { TimeProvider = _clock }.AddTimeout(TimeSpan.FromSeconds(2), "total")
            .Add(new Around<int>(static inner => inner.ExecuteAsync())).Add(_inner).Build();
        var call = pipeline.ExecuteAsync(static async (CancellationToken token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return 1;
        }).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("total", (await Assert.ThrowsAsync<TimeoutRejectedException>(() => call)).DeadlineOwner);
        Assert.Equal(1, _inner.Left);
    }

    [Fact]
    public void WhenTheCallIsSynchronous_TheInnerPartRunsAtOnce()
    {
        var pipeline = Pipelines.For<int>(_outer, new Around<int>(null!, static inner => inner.Execute()), _inner);
        Assert.Equal(1, pipeline.Execute(static (CancellationToken _) => 1));
        Assert.Equal((1, 1), (_outer.Left, _inner.Left));
    }

    [Fact]
    public async Task WhenRunSynchronouslyInAnAsynchronousCall_ThrowsClearly_AndStrategiesAreLeft()
    {
        var source = new TaskCompletionSource<int>();
        var pipeline = Around(static inner => new(inner.Execute()));
        var outcome = await pipeline.ExecuteOutcomeAsync((CancellationToken _) => new ValueTask<int>(source.Task));
        Assert.Contains("use ExecuteAsync", Assert.IsType<InvalidOperationException>(outcome.Exception).Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (_outer.Left, _inner.Entered));
    }

    private static void AssertOver(Inner<int> inner)
    {
        Assert.Throws<InvalidOperationException>(() => { _ = inner.ExecuteAsync(); });
        Assert.Throws<InvalidOperationException>(() => { _ = inner.ExecuteAsync(CancellationToken.None); });
        Assert.Throws<InvalidOperationException>(() => inner.Execute());
        Assert.Throws<InvalidOperationException>(() => inner.CancellationToken);
        Assert.Throws<InvalidOperationException>(() => inner.OperationName);
        Assert.Throws<InvalidOperationException>(() => inner.Attempt);
    }

    private Pipeline<int> Around(Func<Inner<int>, ValueTask<Outcome<int>>> run) =>
        new PipelineBuilder<int> { TimeProvider = _clock }.Add(_outer).Add(new Around<int>(run)).Add(_inner).Build();
}
