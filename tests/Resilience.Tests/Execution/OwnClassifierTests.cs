using Resilience.Testing;

namespace Resilience.Tests.Execution;

/// <summary>A strategy, or a composed pipeline, under a classifier of its own sees that verdict; its neighbours see the pipeline's.</summary>
public sealed class OwnClassifierTests
{
    private static readonly Exception s_thrown = new ScriptedException("thrown");
    private readonly Counting<int> _pipelines = new(_ => Verdict.Success);
    private readonly Counting<int> _own = new(_ => Verdict.Permanent);
    private readonly Probe _outer = new("outer");
    private readonly Probe _middle = new("middle");
    private readonly Probe _inner = new("inner");

    [Fact]
    public void WhenOneStrategyHasItsOwn_ItAloneSeesThatVerdict()
    {
        var pipeline = new PipelineBuilder<int>().Classify(_pipelines).Add(_outer).Add(_middle, _own).Add(_inner).Build();
        Assert.Equal(1, pipeline.Execute(static (CancellationToken _) => 1));
        Assert.Equal((Verdict.Success, Verdict.Permanent, Verdict.Success), (_inner.LastVerdict, _middle.LastVerdict, _outer.LastVerdict));
        Assert.Equal((1, 1), (_pipelines.Asked, _own.Asked));
    }

    [Fact]
    public async Task WhenItWaitsOnTheWayOut_ItStillSeesItsOwnVerdict_AndIsNotClassifiedTwice()
    {
        var resumed = Verdict.Ignored;
        var waiting = new Probe("waiting")
        {
            Leaves = static (ref CallFrame frame, ref Slot _) =>
            {
                frame.WaitFor(new ValueTask(Task.Run(static () => { })));
                return Exit.Wait;
            },
            ResumesLeave = (ref CallFrame frame, ref Slot _) =>
            {
                resumed = frame.Verdict;
                return Exit.Continue;
            },
        };
        var pipeline = new PipelineBuilder<int>().Classify(_pipelines).Add(_outer).Add(waiting, _own).Build();
        Assert.Equal(1, await pipeline.ExecuteAsync(static (CancellationToken _) => new ValueTask<int>(1)));
        Assert.Equal((Verdict.Permanent, Verdict.Success, 1), (resumed, _outer.LastVerdict, _own.Asked));
    }

    [Fact]
    public void WhenWhatPassesWasReadFromItsSource_ItsOwnClassifierIsNotAsked()
    {
        var throwing = new Probe { Leaves = static (ref CallFrame _, ref Slot _) => throw new ScriptedException("hook") };
        var pipeline = new PipelineBuilder<int>().Add(_middle, _own).Add(throwing).Build();
        Assert.Equal("hook", pipeline.ExecuteOutcome(static (CancellationToken _) => 1).Exception?.Message);
        Assert.Equal((0, Verdict.Ignored), (_own.Asked, _middle.LastVerdict));
    }

    [Fact]
    public void WhenAPipelineWithAClassifierIsComposed_ItsStrategiesKeepIt()
    {
        var exceptions = new CountingExceptions(_ => Verdict.Permanent);
        var part = new PipelineBuilder().Classify(exceptions).Add(_inner).Build();
        var whole = new PipelineBuilder().Classify(new CountingExceptions(_ => Verdict.Ignored)).Add(_outer).Add(part).Build();
        Assert.Same(s_thrown, whole.ExecuteOutcome<int>((CancellationToken _) => throw s_thrown).Exception);
        Assert.Equal((Verdict.Permanent, Verdict.Ignored, 1), (_inner.LastVerdict, _outer.LastVerdict, exceptions.Asked));
        var typed = new PipelineBuilder<int>().Classify(_pipelines).Add(_outer).Add(part).Build();
        typed.ExecuteOutcome((CancellationToken _) => throw s_thrown);
        Assert.Equal((Verdict.Permanent, Verdict.Success), (_inner.LastVerdict, _outer.LastVerdict));
    }

    [Fact]
    public void WhenAComposedPipelineIsComposedAgain_ItsStrategiesKeepTheFirstClassifier_WhichAloneIsAsked()
    {
        var innermost = new CountingExceptions(_ => Verdict.Permanent);
        var between = new CountingExceptions(_ => Verdict.Throttled(TimeSpan.Zero));
        var part = new PipelineBuilder().Classify(innermost).Add(_inner).Build();
        var larger = new PipelineBuilder().Classify(between).Add(_middle).Add(part).Build();
        new PipelineBuilder().Add(_outer).Add(larger).Build().ExecuteOutcome<int>((CancellationToken _) => throw s_thrown);
        Assert.Equal(
            (Verdict.Permanent, Verdict.Throttled(TimeSpan.Zero), Verdict.Transient),
            (_inner.LastVerdict, _middle.LastVerdict, _outer.LastVerdict));
        Assert.Equal((1, 1), (innermost.Asked, between.Asked));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task WhenAComposedPartWaitsBothWays_ItGoesOn_AndSeesItsOwnVerdictAfterwards(bool typed, bool seesResults)
    {
        var resumed = Verdict.Ignored;
        var waiting = seesResults ? WaitingForResults() : (Strategy)Waiting(verdict => resumed = verdict);
        var whole = new PipelineBuilder<int>().Classify(_pipelines).Add(_outer);
        whole = typed
            ? whole.Add(new PipelineBuilder<int>().Classify(_own).Add(waiting).Build())
            : whole.Add(new PipelineBuilder().Classify(new CountingExceptions(_ => Verdict.Permanent)).Add(waiting).Build());
        var outcome = await whole.Build().ExecuteOutcomeAsync(ValueTask<int> (CancellationToken _) => throw s_thrown);
        Assert.Same(s_thrown, outcome.Exception);
        Assert.Equal((seesResults ? Verdict.Ignored : Verdict.Permanent, Verdict.Success), (resumed, _outer.LastVerdict));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhenATimeoutIsComposedUnderAClassifier_TheErrorTellsItsNameAndTime(bool typed)
    {
        var clock = new ManualClock();
        var callee = new Timeouts.Callee();
        var whole = new PipelineBuilder<int> { TimeProvider = clock };
        whole = typed
            ? whole.Add(new PipelineBuilder<int> { TimeProvider = clock }.Classify(_own).AddTimeout(TimeSpan.FromSeconds(3), "attempt").Build())
            : whole.Add(new PipelineBuilder { TimeProvider = clock }.Classify(rules => rules).AddTimeout(TimeSpan.FromSeconds(3), "attempt").Build());
        var call = whole.Build().ExecuteOutcomeAsync(callee.Start, CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(3));
        var rejected = Assert.IsType<TimeoutRejectedException>((await call).Exception);
        Assert.Equal(("attempt", TimeSpan.FromSeconds(3)), (rejected.DeadlineOwner, rejected.Timeout));
    }

    [Fact]
    public async Task WhenATypedPipelineIsComposedAgain_PartsWithAClassifierAndWrappingOnesStayAsTheyAre()
    {
        var part = new PipelineBuilder<int>().Classify(_own).Add(_inner).Build();
        var between = new Counting<int>(_ => Verdict.Throttled(TimeSpan.Zero));
        var larger = new PipelineBuilder<int>().Classify(between).Add(_middle).Add(new Around<int>(inner => inner.ExecuteAsync())).Add(part).Build();
        var whole = new PipelineBuilder<int>().Classify(_pipelines).Add(_outer).Add(larger).Build();
        Assert.Equal(1, await whole.ExecuteAsync(static (CancellationToken _) => new ValueTask<int>(1)));
        Assert.Equal(
            (Verdict.Permanent, Verdict.Throttled(TimeSpan.Zero), Verdict.Success),
            (_inner.LastVerdict, _middle.LastVerdict, _outer.LastVerdict));
    }

    [Fact]
    public void WhenATypedPipelineIsComposed_ItKeepsItsClassifier_AndWithoutOneTakesTheOuter()
    {
        var withOwn = new PipelineBuilder<int>().Classify(_own).Add(_inner).Build();
        new PipelineBuilder<int>().Classify(_pipelines).Add(_outer).Add(withOwn).Build().Execute(static (CancellationToken _) => 1);
        Assert.Equal((Verdict.Permanent, Verdict.Success), (_inner.LastVerdict, _outer.LastVerdict));
        var without = new PipelineBuilder<int>().Add(_inner).Build();
        new PipelineBuilder<int>().Classify(_own).Add(without).Build().Execute(static (CancellationToken _) => 1);
        Assert.Equal(Verdict.Permanent, _inner.LastVerdict);
    }

    private static Probe Waiting(Action<Verdict> resumed) => new("waiting")
    {
        Enters = static (ref CallFrame frame, ref Slot _) =>
        {
            frame.WaitFor(new ValueTask(Task.Run(static () => { })));
            return Entry.Wait;
        },
        Leaves = static (ref CallFrame frame, ref Slot _) =>
        {
            frame.WaitFor(new ValueTask(Task.Run(static () => { })));
            return Exit.Wait;
        },
        ResumesLeave = (ref CallFrame frame, ref Slot _) =>
        {
            resumed(frame.Verdict);
            return Exit.Continue;
        },
    };

    private static Probe<int> WaitingForResults() => new("waiting")
    {
        Enters = static (ref CallFrame frame, ref Slot _, ref Outcome<int> _) =>
        {
            frame.WaitFor(new ValueTask(Task.Run(static () => { })));
            return Entry.Wait;
        },
        Leaves = static (ref CallFrame frame, ref Slot _, ref Outcome<int> _) =>
        {
            frame.WaitFor(new ValueTask(Task.Run(static () => { })));
            return Exit.Wait;
        },
    };
}
