using Resilience.Testing;

namespace Resilience.Tests.Execution;

/// <summary>Who cancelled is read from the sources: the caller wins ties, a deadline is ours, anything else is the callee's own failure.</summary>
public sealed class CancellationTests
{
    private static readonly HedgingOptions s_hedged = new() { Delay = HedgeDelay.After(TimeSpan.FromSeconds(1)), ExtraLoad = double.PositiveInfinity };
    private readonly ManualClock _clock = new();
    private readonly Probe _probe = new();

    [Fact]
    public async Task WhenTheCallerCancelledBefore_NothingIsEnteredOnAnyEdge()
    {
        var cancelled = new CancellationToken(canceled: true);
        var starts = 0;
        foreach (var foreign in new[] { true, false })
        {
            var pipeline = Pipelines.Of(_clock, new Probe { IsForeign = foreign, Enters = _probe.Enters }, _probe);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => pipeline.ExecuteAsync((CancellationToken _) => new ValueTask<int>(++starts), cancelled).AsTask());
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => pipeline.ExecuteAsync((CancellationToken _) => new ValueTask(Task.FromResult(++starts)), cancelled).AsTask());
            var outcome = await pipeline.ExecuteOutcomeAsync((CancellationToken _) => new ValueTask<int>(++starts), cancelled);
            Assert.Equal(cancelled, Assert.IsType<OperationCanceledException>(outcome.Exception).CancellationToken);
            Assert.ThrowsAny<OperationCanceledException>(() => pipeline.Execute((CancellationToken _) => ++starts, cancelled));
        }

        Assert.Equal((0, 0, 0), (starts, _probe.Entered, _probe.Left));
    }

    [Fact]
    public async Task WhenTheCallerCancelsDuring_TheVerdictIsIgnored_WhateverTheCalleeThrows()
    {
        foreach (var thrown in new Exception[] { new OperationCanceledException(), new ScriptedException("connection closed") })
        {
            using var caller = new CancellationTokenSource();
            var pipeline = new PipelineBuilder { TimeProvider = _clock }.Add(_probe).AddTimeout(TimeSpan.FromSeconds(5)).Build();
            var outcome = await pipeline.ExecuteOutcomeAsync(
                (CancellationToken token) =>
                {
                    caller.Cancel();
                    Assert.True(token.IsCancellationRequested);
                    return ValueTask.FromException<int>(thrown);
                },
                caller.Token);
            if (thrown is OperationCanceledException)
            {
                Assert.Equal(caller.Token, Assert.IsType<OperationCanceledException>(outcome.Exception).CancellationToken);
                Assert.Same(thrown, outcome.Exception.InnerException);
            }
            else
            {
                Assert.Same(thrown, outcome.Exception);
            }

            Assert.Equal(Verdict.Ignored, _probe.LastVerdict);
        }
    }

    public static TheoryData<string, Func<PipelineBuilder<int>, PipelineBuilder<int>>> Ways => new()
    {
        { "a timeout", static b => b.AddTimeout(TimeSpan.FromSeconds(5)) },
        { "timeouts around a retry", static b => b.AddTimeout(TimeSpan.FromSeconds(9)).AddRetry().AddTimeout(TimeSpan.FromSeconds(5)) },
        { "a hedge", static b => b.AddHedging(s_hedged) },
        { "a hedge around a timeout", static b => b.AddHedging(s_hedged).AddTimeout(TimeSpan.FromSeconds(5)) },
        { "a timeout around a hedge", static b => b.AddTimeout(TimeSpan.FromSeconds(9)).AddHedging(s_hedged with { Delay = HedgeDelay.Parallel }) },
        { "a hedge in a hedge", static b => b.AddHedging(s_hedged).AddHedging(s_hedged) },
        { "an abandoning timeout", static b => b.AddTimeout(new TimeoutOptions { Abandoned = new AbandonedCalls() }).AddTimeout(TimeSpan.FromSeconds(5)) },
        { "a deadline that flows", static b => b.AddTimeout(TimeSpan.FromSeconds(9)).AddDeadlineFlow().AddTimeout(TimeSpan.FromSeconds(5)) },
    };

    [Theory]
    [MemberData(nameof(Ways), DisableDiscoveryEnumeration = true)]
    public async Task WhenTheCalleeEndsByTheTokenThatItWasGiven_TheCallerSeesHisOwn(string way, Func<PipelineBuilder<int>, PipelineBuilder<int>> build)
    {
        var pipeline = build(new PipelineBuilder<int> { TimeProvider = _clock }).Build();
        foreach (var after in new[] { 0, 1_500 })
        {
            using var caller = new CancellationTokenSource();
            var call = pipeline.ExecuteAsync(static token => new ValueTask<int>(UntilCancelled(token)), caller.Token).AsTask();
            _clock.Advance(TimeSpan.FromMilliseconds(after));
            await caller.CancelAsync();
            var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
            Assert.True(thrown.CancellationToken == caller.Token, $"{way}, after {after} ms");

            using var atOnce = new CancellationTokenSource();
            var outcome = await pipeline.ExecuteOutcomeAsync(
                ValueTask<int> (token) =>
                {
                    atOnce.Cancel();
                    token.ThrowIfCancellationRequested();
                    return new(1);
                },
                atOnce.Token);
            Assert.Equal(atOnce.Token, Assert.IsType<OperationCanceledException>(outcome.Exception).CancellationToken);
        }
    }

    private static async Task<int> UntilCancelled(CancellationToken token)
    {
        var ended = new TaskCompletionSource<int>();
        await using (token.UnsafeRegister(_ => ended.TrySetCanceled(token), null))
        {
            return await ended.Task.ConfigureAwait(false);
        }
    }

    [Fact]
    public async Task WhenTheCallerCancelsAfter_TheResultStands()
    {
        using var caller = new CancellationTokenSource();
        var call = Pipelines.Of(_probe).ExecuteAsync(static (CancellationToken _) => new ValueTask<int>(1), caller.Token);
        await caller.CancelAsync();
        Assert.Equal(1, await call);
        Assert.Equal(Verdict.Success, _probe.LastVerdict);
    }

    [Fact]
    public async Task WhenTheCalleeSucceedsThoughCancelledAndLate_ItIsASuccess()
    {
        using var caller = new CancellationTokenSource();
        var pipeline = new PipelineBuilder { TimeProvider = _clock }.Add(_probe).AddTimeout(TimeSpan.FromSeconds(1)).Build();
        Assert.Equal(1, await pipeline.ExecuteAsync(
            (CancellationToken token) =>
            {
                _clock.Advance(TimeSpan.FromSeconds(2));
                caller.Cancel();
                Assert.True(token.IsCancellationRequested);
                return new ValueTask<int>(1);
            },
            caller.Token));
        Assert.Equal(Verdict.Success, _probe.LastVerdict);
    }

    [Fact]
    public async Task WhenCallerAndDeadlineTie_TheCallerWins()
    {
        using var caller = new CancellationTokenSource();
        var pipeline = new PipelineBuilder { TimeProvider = _clock }.Add(_probe).AddTimeout(TimeSpan.FromSeconds(1)).Build();
        var outcome = await pipeline.ExecuteOutcomeAsync(
            (CancellationToken token) =>
            {
                _clock.Advance(TimeSpan.FromSeconds(2));
                caller.Cancel();
                return ValueTask.FromCanceled<int>(token);
            },
            caller.Token);
        Assert.IsType<TaskCanceledException>(outcome.Exception);
        Assert.Equal(Verdict.Ignored, _probe.LastVerdict);
    }

    [Fact]
    public async Task WhenTheDeadlineEndsTheCallee_ItIsATimeout_AndTransient()
    {
        var pipeline = new PipelineBuilder { TimeProvider = _clock }.Add(_probe).AddTimeout(TimeSpan.FromSeconds(1), "mine").Build();
        var outcome = await pipeline.ExecuteOutcomeAsync((CancellationToken token) =>
        {
            _ = token;
            _clock.Advance(TimeSpan.FromSeconds(1));
            return ValueTask.FromException<int>(new ScriptedException("connection closed"));
        });
        var timeout = Assert.IsType<TimeoutRejectedException>(outcome.Exception);
        Assert.Equal(("mine", TimeSpan.FromSeconds(1)), (timeout.DeadlineOwner, timeout.Timeout));
        Assert.IsType<ScriptedException>(timeout.InnerException);
        Assert.Equal(Verdict.Transient, _probe.LastVerdict);
    }

    [Fact]
    public async Task WhenTheCalleeCancelsItself_ItIsItsOwnFailure()
    {
        using var caller = new CancellationTokenSource();
        var pipeline = new PipelineBuilder { TimeProvider = _clock }.Add(_probe).AddTimeout(TimeSpan.FromSeconds(5)).Build();
        var outcome = await pipeline.ExecuteOutcomeAsync(
            static (CancellationToken _) => ValueTask.FromException<int>(new OperationCanceledException()), caller.Token);
        Assert.IsType<OperationCanceledException>(outcome.Exception);
        Assert.Equal(Verdict.Transient, _probe.LastVerdict);
    }

    [Fact]
    public async Task WhenTheCallerCancelsABackoff_TheCallEndsAtOnce_AndTheStrategyIsTold()
    {
        using var caller = new CancellationTokenSource();
        var retry = new Probe
        {
            Leaves = (ref CallFrame frame, ref Slot _) =>
            {
                frame.Delay = TimeSpan.FromHours(1);
                return frame.Verdict == Verdict.Ignored ? Exit.Continue : Exit.Again;
            },
        };
        var call = Pipelines.Of(_clock, _probe, retry).ExecuteAsync(static (CancellationToken _) => new ValueTask<int>(1), caller.Token).AsTask();
        Assert.False(call.IsCompleted);
        await caller.CancelAsync();
        var failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(caller.Token, failure.CancellationToken);
        Assert.Equal((2, 1, Verdict.Ignored), (retry.Left, _probe.Left, retry.LastVerdict));
    }

    [Fact]
    public async Task WhenTheDeadlinePassesDuringABackoff_ItEndsThen_AndNoAttemptStarts()
    {
        var starts = 0;
        var retry = new Probe
        {
            Leaves = (ref CallFrame frame, ref Slot _) =>
            {
                frame.Delay = TimeSpan.FromHours(1);
                return frame.Verdict == Verdict.Ignored ? Exit.Continue : Exit.Again;
            },
        };
        var pipeline = new PipelineBuilder { TimeProvider = _clock }.Add(_probe).AddTimeout(TimeSpan.FromSeconds(3)).Add(retry).Build();
        var call = pipeline.ExecuteAsync((CancellationToken _) => new ValueTask<int>(++starts)).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(call.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<TimeoutRejectedException>(() => call);
        Assert.Equal((1, 2, Verdict.Ignored), (starts, retry.Left, _probe.LastVerdict));
    }
}
