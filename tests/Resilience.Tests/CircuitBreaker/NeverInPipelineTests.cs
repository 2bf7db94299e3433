using Resilience.Testing;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>What users of circuit breakers report of whole calls, one test each: named by what went wrong.</summary>
public sealed class NeverInPipelineTests
{
    private static readonly CircuitBreakerOptions s_options = new()
    {
        FailureRatio = 0.6,
        MinimumCalls = 10,
        Window = CircuitWindow.Calls(20),
        BreakDuration = TimeSpan.FromSeconds(5),
    };

    private readonly ManualClock _clock = new();
    private readonly CircuitBreaker _breaker;

    public NeverInPipelineTests() => _breaker = new CircuitBreaker(s_options, _clock);

    [Fact]
    public void WhenAClassifierThrowsDuringAProbe_TheProbesPlaceIsFreeAgain()
    {
        var throws = true;
        var pipeline = new PipelineBuilder<int> { TimeProvider = _clock }
            .Classify(rules => rules.OnResult(_ => throws ? throw new FormatException() : false, Verdict.Transient))
            .AddCircuitBreaker(_breaker)
            .Build();
        EndOfBreak();
        Assert.Throws<FormatException>(() => pipeline.Execute(static (CancellationToken _) => 1));
        Assert.Equal(CircuitState.HalfOpen, _breaker.State);
        throws = false;
        pipeline.Execute(static (CancellationToken _) => 1);
        Assert.Equal(CircuitState.Closed, _breaker.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhenAHookInsideThrowsDuringAProbe_TheProbesPlaceIsFreeAgain(bool onTheWayIn)
    {
        var throwing = new Throwing(onTheWayIn);
        var pipeline = new PipelineBuilder { TimeProvider = _clock }.AddCircuitBreaker(_breaker).Add(throwing).Build();
        EndOfBreak();
        Assert.Throws<FormatException>(() => pipeline.Execute(static (CancellationToken _) => 1));
        throwing.IsQuiet = true;
        pipeline.Execute(static (CancellationToken _) => 1);
        Assert.Equal(CircuitState.Closed, _breaker.State);
    }

    [Fact]
    public async Task WhenAProbeIsCancelledByItsCaller_ItDoesNotClose_AndAnotherIsAdmitted()
    {
        var pipeline = Pipeline();
        EndOfBreak();
        await CancelledAsync(pipeline);
        Assert.Equal(CircuitState.HalfOpen, _breaker.State);
        Assert.Equal(1, pipeline.Execute(static (CancellationToken _) => 1));
        Assert.Equal(CircuitState.Closed, _breaker.State);
    }

    [Fact]
    public async Task WhenEightCallersCancelAndTenCallsFail_ItOpens()
    {
        var pipeline = Pipeline();
        for (var i = 0; i < 8; i++)
        {
            await CancelledAsync(pipeline);
        }

        Assert.Equal(0, _breaker.Snapshot.Calls);
        for (var i = 0; i < 10; i++)
        {
            Assert.Throws<IOException>(() => pipeline.Execute(static int (CancellationToken _) => throw new IOException()));
        }

        Assert.Equal(CircuitState.Open, _breaker.State);
    }

    [Fact]
    public void WhenTheClientsOwnTimeoutCancels_ItIsAFailure_NotACancellation()
    {
        var pipeline = Pipeline();
        for (var i = 0; i < 10; i++)
        {
            // As HttpClient.Timeout throws it: nobody that the call knows has cancelled.
            Assert.Throws<TaskCanceledException>(() => pipeline.Execute(
                static int (CancellationToken _) => throw new TaskCanceledException("timed out", new TimeoutException())));
        }

        Assert.Equal(CircuitState.Open, _breaker.State);
    }

    [Fact]
    public void WhenTheStateChangesDuringACall_ItsResultIsStale_AndMovesNothing()
    {
        var pipeline = Pipeline();
        pipeline.Execute((CancellationToken _) =>
        {
            _breaker.Isolate();
            return 1;
        });
        pipeline = new PipelineBuilder { TimeProvider = _clock }.AddCircuitBreaker(_breaker).Build();
        _breaker.Reset();
        Assert.Throws<IOException>(() => pipeline.Execute(int (CancellationToken _) =>
        {
            _breaker.Reset();
            throw new IOException();
        }));
        Assert.Equal((0L, 2L), (_breaker.Snapshot.Failures, _breaker.Snapshot.Stale));
    }

    [Fact]
    public void WhenOptionsChangeDuringACall_ItsResultCountsUnderTheNewOnes()
    {
        Assert.Throws<IOException>(() => Pipeline().Execute(int (CancellationToken _) =>
        {
            _breaker.Reconfigure(s_options with { Window = CircuitWindow.Calls(30) });
            throw new IOException();
        }));
        Assert.Equal((1L, 0L), (_breaker.Snapshot.Failures, _breaker.Snapshot.Stale));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public void WhenOptionsChangeDuringACallThatSucceeds_ItCountsUnderTheNewOnes(int? consecutive)
    {
        var breaker = new CircuitBreaker(s_options with { ConsecutiveFailures = consecutive }, _clock);
        var pipeline = new PipelineBuilder { TimeProvider = _clock }.AddCircuitBreaker(breaker).Build();
        pipeline.Execute((CancellationToken _) =>
        {
            breaker.Reconfigure(s_options with { ConsecutiveFailures = consecutive, Window = CircuitWindow.Calls(30) });
            return 1;
        });
        pipeline.Execute(static (CancellationToken _) => 1);
        Assert.Equal((2L, 0L), (breaker.Snapshot.Calls, breaker.Snapshot.Stale));
    }

    [Fact]
    public async Task WhenOptionsChangeDuringAnAsynchronousCallThatSucceeds_ItCountsUnderTheNewOnes()
    {
        await Pipeline().ExecuteAsync(_ =>
        {
            _breaker.Reconfigure(s_options with { Window = CircuitWindow.Calls(30) });
            return new ValueTask<int>(1);
        }, TestContext.Current.CancellationToken);
        Assert.Equal((1L, 0L), (_breaker.Snapshot.Calls, _breaker.Snapshot.Stale));
    }

    [Fact]
    public void WhenAStrategyInsideHasReadTheTime_SuccessesFallIntoTheSliceOfThatMoment()
    {
        var breaker = new CircuitBreaker(s_options with { Window = CircuitWindow.Time(TimeSpan.FromSeconds(10)) }, _clock);
        var pipeline = new PipelineBuilder { TimeProvider = _clock }
            .AddCircuitBreaker(breaker).Add(new Reading()).Build();
        pipeline.Execute(static (CancellationToken _) => 1);
        _clock.Advance(TimeSpan.FromSeconds(5));
        pipeline.Execute(static (CancellationToken _) => 1);
        Assert.Equal((2L, TimeSpan.FromSeconds(5)), (breaker.Snapshot.Calls, breaker.Snapshot.Covered));
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(1, breaker.Snapshot.Calls);
    }

    [Fact]
    public void WhenThePipelineUsesTheFineClock_TheBreakerReadsTheCoarseOneItself()
    {
        var slow = new CircuitBreaker(s_options with { SlowCallRatio = 0.5, SlowCallDuration = TimeSpan.FromDays(1) });
        var timed = new CircuitBreaker(s_options with { Window = CircuitWindow.Time(TimeSpan.FromDays(1)) });
        var pipeline = new PipelineBuilder { TimeProvider = TimeProvider.System }
            .AddTimeout(TimeSpan.FromMilliseconds(99)).AddCircuitBreaker(slow).AddCircuitBreaker(timed).Build();
        Assert.True(pipeline.Core.UsesFineClock);
        pipeline.Execute(static (CancellationToken _) => 1);
        Assert.Throws<IOException>(() => pipeline.Execute(static int (CancellationToken _) => throw new IOException()));
        Assert.Equal((2L, 0L), (slow.Snapshot.Calls, slow.Snapshot.SlowCalls));
        Assert.Equal((2L, 1L), (timed.Snapshot.Calls, timed.Snapshot.Failures));
    }

    [Fact]
    public void WhenABreakerStandsTwiceInAPipeline_EachPlaceHoldsItsOwnPermit()
    {
        var pipeline = new PipelineBuilder { TimeProvider = _clock }.AddCircuitBreaker(_breaker).AddCircuitBreaker(_breaker).Build();
        pipeline.Execute(static (CancellationToken _) => 1);
        Assert.Equal(2, _breaker.Snapshot.Calls);
    }

    [Fact]
    public void WhenInTheShadow_WhatWouldBeRefusedGoesThrough_AndItsResultMovesNothing()
    {
        var pipeline = Pipeline();
        _breaker.Shadow();
        for (var i = 0; i < 12; i++)
        {
            Assert.Throws<IOException>(() => pipeline.Execute(static int (CancellationToken _) => throw new IOException()));
        }

        Assert.Equal((2L, 0L, 0L), (_breaker.Snapshot.WouldHaveRejected, _breaker.Snapshot.Stale, _breaker.Snapshot.Rejected));
    }

    private static async Task CancelledAsync(Pipeline pipeline)
    {
        using var caller = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await pipeline.ExecuteAsync(
            async ValueTask<int> (token) =>
            {
                await caller.CancelAsync();
                token.ThrowIfCancellationRequested();
                return 1;
            },
            caller.Token));
    }

    private Pipeline Pipeline() => new PipelineBuilder { TimeProvider = _clock }.AddCircuitBreaker(_breaker).Build();

    private void EndOfBreak()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.True(_breaker.TryAcquire(out var permit));
            permit.Failure();
        }

        _clock.Advance(s_options.BreakDuration);
        Assert.Equal(CircuitState.Open, _breaker.State);
    }

    private sealed class Reading() : Strategy("reading")
    {
        protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot) => Entry.Go;

        protected internal override Exit Leave(ref CallFrame frame, ref Slot slot) => frame.Now >= TimeSpan.Zero ? Exit.Continue : Exit.Again;
    }

    private sealed class Throwing(bool onTheWayIn) : Strategy("throwing")
    {
        public bool IsQuiet { get; set; }

        protected internal override Entry TryEnter(ref CallFrame frame, ref Slot slot) =>
            onTheWayIn && !IsQuiet ? throw new FormatException() : Entry.Go;

        protected internal override Exit Leave(ref CallFrame frame, ref Slot slot) =>
            !onTheWayIn && !IsQuiet ? throw new FormatException() : Exit.Continue;
    }
}
