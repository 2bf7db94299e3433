using Resilience.Tests.Execution;

namespace Resilience.Tests.Hedging;

/// <summary>Callers who cancel, deadlines, and strategies on both sides of a hedge.</summary>
public class HedgingCancellationTests : HedgingTestBase
{
    [Fact]
    public async Task WhenTheCallerCancels_AllAttemptsAreCancelled_AndTheVerdictIsIgnored()
    {
        var (outer, inner) = (new Probe("outer"), new Probe("inner"));
        var pipeline = new PipelineBuilder<int> { TimeProvider = Clock }.Add(outer).AddHedging(Options(3)).Add(inner).Build();
        using var caller = new CancellationTokenSource();
        var starts = new Starts<int>();
        var call = pipeline.ExecuteOutcomeAsync(starts.Run, caller.Token);
        Clock.Advance(Second);
        await caller.CancelAsync();
        Assert.IsType<OperationCanceledException>((await call).Exception);
        Assert.Equal((2, Verdict.Ignored, Verdict.Ignored), (starts.Count, outer.LastVerdict, inner.LastVerdict));
        Assert.Equal((2, 2, 1), (inner.Entered, inner.Left, outer.Left));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenTheCallerHasCancelledBefore_NothingIsStarted()
    {
        var starts = new Starts<int>();
        var outcome = await Hedged<int>().ExecuteOutcomeAsync(starts.Run, new CancellationToken(canceled: true));
        Assert.IsType<OperationCanceledException>(outcome.Exception);
        Assert.Equal(0, starts.Count);
    }

    [Fact]
    public async Task WhenTheDeadlinePasses_AllAttemptsEndByIt_AndNoneFollows()
    {
        var starts = new Starts<int>();
        var pipeline = new PipelineBuilder<int> { TimeProvider = Clock }
            .AddTimeout(3 * Second / 2, "total").AddHedging(Options(10)).Build();
        var call = pipeline.ExecuteAsync(starts.Run, Stop);
        Clock.Advance(10 * Second);
        Assert.Equal("total", (await Assert.ThrowsAsync<TimeoutRejectedException>(() => call.AsTask())).DeadlineOwner);
        Assert.Equal(2, starts.Count);
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenTheDeadlineOutsideVaries_AttemptsStartedLaterNameItToo(bool varies)
    {
        var starts = new Starts<int>();
        var ends = new System.Collections.Concurrent.ConcurrentQueue<Outcome<int>>();
        var pipeline = new PipelineBuilder<int> { TimeProvider = Clock }
            .AddTimeout(new TimeoutOptions { Name = "total", Timeout = 3 * Second, Generator = varies ? _ => 3 * Second : null })
            .AddHedging(Options())
            .Add(new Around<int>(async inner =>
            {
                var outcome = await inner.ExecuteAsync();
                ends.Enqueue(outcome);
                return outcome;
            }))
            .Build();
        var call = pipeline.ExecuteOutcomeAsync(starts.Run, Stop);
        Clock.Advance(Second);
        starts[0].Fail(new ScriptedException("first"));
        Assert.False(call.IsCompleted);
        Clock.Advance(2 * Second);

        // Which end is the last, and so the call's, depends on the thread pool; what the second attempt ended by does not.
        Assert.NotNull((await call).Exception);
        Assert.True(SpinWait.SpinUntil(() => ends.Count == 2, TimeSpan.FromSeconds(30)));
        var failure = Assert.Single(ends.Select(end => end.Exception).OfType<TimeoutRejectedException>());
        Assert.Equal(("total", 3 * Second), (failure.DeadlineOwner, failure.Timeout));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenATimeoutIsInside_EachAttemptHasItsOwn()
    {
        var starts = new Starts<int>();
        var pipeline = new PipelineBuilder<int> { TimeProvider = Clock }
            .AddHedging(Options(3)).AddTimeout(3 * Second / 2, "attempt").Build();
        var call = pipeline.ExecuteAsync(starts.Run, Stop);
        Clock.Advance(3 * Second / 2);
        Assert.Equal((true, false, 3), (starts[0].IsOver, starts[1].IsOver, starts.Count));
        starts[2].Return(3);
        Assert.Equal(3, await call);
        Assert.True(starts[1].WasCancelled);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenARetryIsInside_ALoserStopsRetrying()
    {
        var starts = new Starts<int>();
        var pipeline = new PipelineBuilder<int> { TimeProvider = Clock }.AddHedging(Options())
            .AddRetry(new RetryOptions { MaxRetries = 5, Backoff = Backoff.Constant(10 * Second) }).Build();
        var call = pipeline.ExecuteAsync(starts.Run, Stop);
        starts[0].Fail(new ScriptedException("backs off"));
        Clock.Advance(Second);
        starts[1].Return(2);
        Assert.Equal(2, await call);
        Clock.Advance(100 * Second);
        Assert.Equal(2, starts.Count);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenAStrategyInsideWaitsOnTheWayIn_TheDelayRunsToo()
    {
        var waits = 0;
        var gate = new Probe { Enters = Waits };
        var starts = new Starts<int>();
        var call = Hedged<int>(Options(), gate).ExecuteAsync(starts.Run, Stop);
        Clock.Advance(Second);
        Assert.Equal(1, starts.Count);
        starts[0].Return(1);
        Assert.Equal(1, await call);
        Assert.Equal((1, 1), (gate.Entered, gate.Left));
        AssertNothingIsLeft();

        Entry Waits(ref CallFrame frame, ref Slot slot)
        {
            if (waits++ == 0)
            {
                frame.WaitFor(100 * Second);
                return Entry.Wait;
            }

            return Entry.Go;
        }
    }

    [Fact]
    public async Task WhenAWrappingStrategyIsInside_EachAttemptGoesThroughIt()
    {
        var open = 0;
        var around = new Around<int>(async inner =>
        {
            open++;
            try
            {
                return await inner.ExecuteAsync();
            }
            finally
            {
                open--;
            }
        });
        var starts = new Starts<int>();
        var call = Hedged<int>(Options(), around).ExecuteAsync(starts.Run, Stop);
        Clock.Advance(Second);
        Assert.Equal(2, open);
        starts[1].Return(2);
        Assert.Equal(2, await call);
        SpinWait.SpinUntil(() => Volatile.Read(ref open) == 0, TimeSpan.FromSeconds(30));
        Assert.Equal(0, open);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenAWrappingStrategyIsOutside_TheWholeRaceIsItsPart()
    {
        var pipeline = new PipelineBuilder<int> { TimeProvider = Clock }
            .Add(new Around<int>(static inner => inner.ExecuteAsync())).AddHedging(Options()).Build();
        var starts = new Starts<int>();
        var call = pipeline.ExecuteAsync(starts.Run, Stop);
        Clock.Advance(Second);
        starts[1].Return(2);
        Assert.Equal(2, await call);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenAHedgeIsInsideAHedge_EachRacesItsOwn()
    {
        var pipeline = new PipelineBuilder<int> { TimeProvider = Clock }
            .AddHedging(Options(2, HedgeDelay.After(10 * Second))).AddHedging(Options(2)).Build();
        var starts = new Starts<int>();
        var call = pipeline.ExecuteAsync(starts.Run, Stop);
        Clock.Advance(Second);
        Assert.Equal(2, starts.Count);
        Clock.Advance(9 * Second);
        Assert.Equal(3, starts.Count);
        Clock.Advance(Second);
        Assert.Equal(4, starts.Count);
        starts[3].Return(4);
        Assert.Equal(4, await call);
        Assert.Equal([true, true, true], Enumerable.Range(0, 3).Select(i => starts[i].WasCancelled));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenAHedgeIsRefusedInside_TheAttemptUnderWayGoesOn()
    {
        var entered = 0;
        var gate = new Probe("gate");
        var strict = new Probe("strict")
        {
            Enters = (ref CallFrame frame, ref Slot _) => entered++ == 0 ? Entry.Go : frame.Refuse(gate, RejectionReason.Refused),
        };
        var starts = new Starts<int>();
        var call = Hedged<int>(Options(5), strict).ExecuteAsync(starts.Run, Stop);
        Clock.Advance(Second);
        Assert.False(call.IsCompleted);
        starts[0].Return(1);
        Assert.Equal(1, await call);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenTheVerdictsComeFromAClassifierOfItsOwn_TheRaceGoesByThat()
    {
        var own = new Counting<int>(outcome => outcome.Exception is null ? Verdict.Success : Verdict.Permanent);
        var inner = new PipelineBuilder<int> { TimeProvider = Clock }.Classify(own).AddHedging(Options(3)).Build();
        var outer = new Probe("outer");
        var pipeline = new PipelineBuilder<int> { TimeProvider = Clock }.Add(outer).Add(inner).Build();
        var starts = new Starts<int>();
        var call = pipeline.ExecuteOutcomeAsync(starts.Run, Stop);
        starts[0].Fail(new ScriptedException("first"));
        Assert.Equal("first", (await call).Exception!.Message);
        Assert.Equal((1, Verdict.Transient), (starts.Count, outer.LastVerdict));
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenAComposedPipelinesClassifierAsksForAnother_OneStarts_ThoughTheOuterOneWouldNot(bool typed)
    {
        var whole = new PipelineBuilder<int> { TimeProvider = Clock }.Classify(rules => rules.Otherwise(Verdict.Permanent));
        whole = typed
            ? whole.Add(new PipelineBuilder<int> { TimeProvider = Clock }.Classify(rules => rules.Otherwise(Verdict.Transient)).AddHedging(Options(3)).Build())
            : whole.Add(new PipelineBuilder { TimeProvider = Clock }.Classify(rules => rules.Otherwise(Verdict.Transient)).AddHedging(Options(3)).Build());
        var starts = new Starts<int>();
        var call = whole.Build().ExecuteAsync(starts.Run, Stop);
        Clock.Advance(Second);
        starts[1].Fail(new ScriptedException("second"));
        Assert.Equal(3, starts.Count);
        starts[2].Return(3);
        Assert.Equal(3, await call);
        AssertNothingIsLeft();
    }

    [Fact]
    public void WhenTheCallIsSynchronous_ItIsRefusedByName()
    {
        var pipeline = new PipelineBuilder().AddHedging(new HedgingOptions { Name = "beside" }).Build();
        var starts = 0;
        var refused = Assert.Throws<InvalidOperationException>(() => pipeline.Execute(_ => starts++));
        Assert.Contains("'beside'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, starts);
    }

    [Fact]
    public async Task WhenTheFlowCarriesAValue_EachAttemptSeesIt_AndTheCallerNothingOfTheirs()
    {
        var local = new AsyncLocal<string> { Value = "caller's" };
        var seen = new List<string?>();
        var starts = new Starts<int>();
        var call = Hedged<int>(Options(), new Probe()).ExecuteAsync(
            async token =>
            {
                seen.Add(local.Value);
                local.Value = "attempt's";
                return await starts.Run(token);
            },
            Stop);
        Assert.Equal("caller's", local.Value);
        using (ExecutionContext.SuppressFlow())
        {
            Clock.Advance(Second);
        }

        starts[1].Return(2);
        Assert.Equal((2, "caller's"), (await call, local.Value));
        Assert.Equal(["caller's", "caller's"], seen);
    }

    [Fact]
    public void WhenTheCallStaysOnItsContext_LaterAttemptsRunThere() => SingleThreadContext.Run(async context =>
    {
        var threads = new List<int>();
        var starts = new Starts<int> { OnStart = _ => threads.Add(Environment.CurrentManagedThreadId) };
        var pipeline = new PipelineBuilder<int> { TimeProvider = Clock, Settings = new PipelineSettings { ContinueOnCapturedContext = true } }
            .AddHedging(Options()).Build();
        var call = pipeline.ExecuteAsync(starts.Run, Stop);
        await Task.Run(() => Clock.Advance(Second), Stop);
        await Task.Yield();
        starts[1].Return(2);
        Assert.Equal(2, await call);
        Assert.Equal([context.ThreadId, context.ThreadId], threads);
    });
}
