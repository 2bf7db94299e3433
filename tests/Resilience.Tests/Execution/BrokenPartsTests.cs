using Resilience.Testing;

namespace Resilience.Tests.Execution;

/// <summary>Parts that break their contract: the call fails and says why, and every strategy that was entered is left.</summary>
public sealed class BrokenPartsTests : Timeouts.FreshStack
{
    [Fact]
    public async Task WhenTheCallbacksValueTaskWasAwaitedBefore_TheCallFails_AndStrategiesAreLeft()
    {
        var source = new ManualSource<int>();
        _ = source.Task.AsTask();
        var probe = new Probe();
        await Assert.ThrowsAsync<InvalidOperationException>(() => Pipelines.Of(probe)
            .ExecuteAsync((CancellationToken _) => source.Task).AsTask());
        Assert.Equal((1, 1, Verdict.Transient), (probe.Entered, probe.Left, probe.LastVerdict));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenTheCallbacksValueTaskIsSpent_TheCallFails_AndStrategiesAreLeft(bool foreign)
    {
        var source = new ManualSource<int>();
        var spent = source.Task;
        source.Reset();
        var probe = new Probe { IsForeign = foreign };
        var pipeline = Pipelines.Of(probe);
        await Assert.ThrowsAsync<InvalidOperationException>(() => pipeline.ExecuteAsync((CancellationToken _) => spent).AsTask());
        var outcome = await pipeline.ExecuteOutcomeAsync((_, _) => spent, 0);
        Assert.IsType<InvalidOperationException>(outcome.Exception);
        Assert.Equal((2, 2, Verdict.Transient), (probe.Entered, probe.Left, probe.LastVerdict));
    }

    [Fact]
    public async Task WhenTheSecondAttemptsValueTaskWasAwaitedBefore_TheCallFails_AndStrategiesAreLeft()
    {
        var first = new ManualSource<int>();
        var spent = new ManualSource<int>();
        _ = spent.Task.AsTask();
        var attempts = 0;
        var probe = new Probe { Leaves = (ref CallFrame frame, ref Slot _) => frame.Attempt == 0 ? Exit.Again : Exit.Continue };
        var call = Pipelines.Of(probe).ExecuteAsync((CancellationToken _) => attempts++ == 0 ? first.Task : spent.Task).AsTask();
        first.Complete(1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => call);
        Assert.Equal((1, 2, 2), (probe.Entered, probe.Left, attempts));
    }

    [Fact]
    public async Task WhenASignalIsSpent_TheCallFails_AndStrategiesAreLeft()
    {
        var source = new ManualSource<int>();
        var spent = source.Signal;
        source.Reset();
        var outer = new Probe();
        var waiting = new Probe
        {
            Leaves = (ref CallFrame frame, ref Slot _) =>
            {
                frame.WaitFor(spent);
                return Exit.Wait;
            },
        };
        foreach (var foreign in new[] { true, false })
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => Pipelines.Of(outer, new Probe { Leaves = waiting.Leaves, IsForeign = foreign })
                .ExecuteAsync(static (CancellationToken _) => new ValueTask<int>(1)).AsTask());
        }

        Assert.Equal((2, 2, Verdict.Ignored), (outer.Entered, outer.Left, outer.LastVerdict));
    }

    [Fact]
    public async Task WhenAWrappingStrategysValueTaskWasAwaitedBefore_TheCallFails_AndStrategiesAreLeft()
    {
        var source = new ManualSource<Outcome<int>>();
        _ = source.Task.AsTask();
        var probe = new Probe();
        var kept = default(Inner<int>);
        var pipeline = Pipelines.For<int>(probe, new Around<int>(inner =>
        {
            kept = inner;
            return source.Task;
        }));
        await Assert.ThrowsAsync<InvalidOperationException>(() => pipeline.ExecuteAsync(static (CancellationToken _) => new ValueTask<int>(1)).AsTask());
        Assert.Equal((1, 1), (probe.Entered, probe.Left));
        await Assert.ThrowsAsync<InvalidOperationException>(() => kept.ExecuteAsync().AsTask());
    }

    [Fact]
    public void WhenABlockedThreadIsInterrupted_TheCallFails_AndStrategiesAreLeft()
    {
        var clock = new ManualClock();
        var waits = new ManualResetEventSlim();
        var outer = new Probe();
        var waiting = new Probe
        {
            Enters = (ref CallFrame frame, ref Slot _) =>
            {
                frame.WaitFor(TimeSpan.FromHours(1));
                waits.Set();
                return Entry.Wait;
            },
        };
        var failure = default(Exception);
        var thread = new Thread(() => failure = Record.Exception(
            () => Pipelines.Of(clock, outer, waiting).Execute(static (CancellationToken _) => 1, CancellationToken.None)));
        thread.Start();
        waits.Wait();
        thread.Interrupt();
        thread.Join();
        Assert.IsType<ThreadInterruptedException>(failure);
        Assert.Equal((1, 1, 0), (outer.Entered, outer.Left, waiting.Left));
    }

    [Theory]
    [InlineData((byte)4)]
    [InlineData(byte.MaxValue)]
    public void WhenAnAnswerIsOutOfRange_TheCallFailsAndNamesTheStrategy(byte answer)
    {
        var outer = new Probe();
        var wrong = new Probe("wrong") { Leaves = (ref CallFrame _, ref Slot _) => (Exit)answer };
        var left = Fails(outer, wrong);
        Assert.Contains("'wrong'", left.Message, StringComparison.Ordinal);
        Assert.Equal((1, 1, Verdict.Ignored), (outer.Entered, outer.Left, outer.LastVerdict));
        Assert.Equal(1, wrong.Left);
        var entered = Fails(outer, new Probe("wrong") { Enters = (ref CallFrame _, ref Slot _) => (Entry)answer });
        Assert.Contains("'wrong'", entered.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Entry.Refuse)]
    [InlineData(Entry.Finish)]
    [InlineData(Entry.Wait)]
    public void WhenAnAnswerLacksWhatItNeeds_TheCallFailsAndNamesTheStrategy(Entry answer)
    {
        var failure = Fails(new Probe("bare") { Enters = (ref CallFrame _, ref Slot _) => answer });
        Assert.Contains($"'bare' answered '{answer}'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhenATypedStrategyRefusesWithoutARejection_TheCallFails()
    {
        var pipeline = Pipelines.For<int>(new Probe<int>("bare") { Enters = (ref CallFrame _, ref Slot _, ref Outcome<int> _) => Entry.Refuse });
        var outcome = pipeline.ExecuteOutcome(static (CancellationToken _) => 1);
        Assert.Contains("'bare'", Assert.IsType<InvalidOperationException>(outcome.Exception).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhenAWaitOnTheWayOutSaysNotForWhat_TheCallFails()
    {
        var failure = Fails(new Probe("idle") { Leaves = (ref CallFrame _, ref Slot _) => Exit.Wait });
        Assert.Contains("'idle' answered 'Wait'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhenATypedStrategyCallsFail_TheExceptionIsNotLost()
    {
        var result = new Tracked("r");
        var pipeline = Pipelines.For<Tracked>(new Probe<Tracked>
        {
            Leaves = (ref CallFrame frame, ref Slot _, ref Outcome<Tracked> _) =>
            {
                frame.Fail(new ScriptedException("failed"));
                return Exit.Replace;
            },
        });
        Assert.Equal("failed", pipeline.ExecuteOutcome((CancellationToken _) => result).Exception?.Message);
        Assert.Equal(1, result.Disposals);
    }

    [Fact]
    public void WhenAStrategyUnderItsOwnClassifierReplacesNothing_TheResultIsKept()
    {
        var result = new Tracked("r");
        var pipeline = new PipelineBuilder<Tracked>()
            .Add(new Probe { Leaves = (ref CallFrame _, ref Slot _) => Exit.Replace }, new OutcomeRules<Tracked>())
            .Build();
        Assert.Same(result, pipeline.Execute((CancellationToken _) => result));
        Assert.Equal(0, result.Disposals);
    }

    [Fact]
    public async Task WhenAStrategyAlwaysAsksAgain_ACancelledCallEndsAllTheSame()
    {
        using var caller = new CancellationTokenSource();
        var probe = new Probe { Leaves = (ref CallFrame _, ref Slot _) => Exit.Again };
        var call = Pipelines.Of(probe).ExecuteAsync(
            (CancellationToken _) =>
            {
                caller.Cancel();
                return new ValueTask<int>(1);
            },
            caller.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.AsTask());
        Assert.Equal((1, 2, Verdict.Ignored), (probe.Entered, probe.Left, probe.LastVerdict));
    }

    [Fact]
    public async Task WhenAStrategyAlwaysAsksAgain_ACallPastItsDeadlineEndsAllTheSame()
    {
        var clock = new ManualClock();
        var outer = new Probe();
        var pipeline = new PipelineBuilder { TimeProvider = clock }.Add(outer).AddTimeout(TimeSpan.FromSeconds(1))
            .Add(new Probe { Leaves = (ref CallFrame _, ref Slot _) => Exit.Again }).Build();
        var call = pipeline.ExecuteAsync((CancellationToken _) =>
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            return new ValueTask<int>(1);
        });
        await Assert.ThrowsAsync<TimeoutRejectedException>(() => call.AsTask());
        Assert.Equal(1, outer.Left);
    }

    [Fact]
    public void WhenOneStrategySetADelayInVain_AnotherDoesNotWaitForIt()
    {
        var again = new Probe { Leaves = (ref CallFrame frame, ref Slot _) => frame.Attempt == 0 ? Exit.Again : Exit.Continue };
        var vain = new Probe
        {
            Leaves = (ref CallFrame frame, ref Slot _) =>
            {
                frame.Delay = TimeSpan.FromDays(1);
                return Exit.Continue;
            },
        };
        Assert.Equal(1, Pipelines.Of(new ManualClock(), again, vain).Execute(static (CancellationToken _) => 1, CancellationToken.None));
    }

    [Fact]
    public async Task WhenTheCallerCancelsAsASignalComes_WhatTheSignalGaveIsGivenBack()
    {
        using var caller = new CancellationTokenSource();
        var signal = new TaskCompletionSource();
        var limiter = new Probe
        {
            Enters = (ref CallFrame frame, ref Slot _) =>
            {
                frame.WaitFor(new ValueTask(signal.Task));
                return Entry.Wait;
            },
        };
        var call = Pipelines.Of(limiter).ExecuteAsync(static (CancellationToken _) => new ValueTask<int>(1), caller.Token).AsTask();
        caller.Cancel();
        signal.SetResult();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal((1, 1), (limiter.Entered, limiter.Left));
    }

    private static InvalidOperationException Fails(params Strategy[] strategies) => Assert.Throws<InvalidOperationException>(
        () => Pipelines.Of(strategies).Execute(static (CancellationToken _) => 1, CancellationToken.None));
}
