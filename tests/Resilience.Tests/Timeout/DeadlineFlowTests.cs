using Resilience.Testing;

namespace Resilience.Tests.Timeouts;

/// <summary>Deadlines that flow from a call to what it calls.</summary>
public sealed class DeadlineFlowTests : FreshStack
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private readonly ManualClock _clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhenNoDeadlineFlows_NoneIsSeen()
    {
        Assert.Equal((Timeout.InfiniteTimeSpan, null), (Deadline.Remaining, Deadline.Owner));
        await Build(b => b.AddTimeout(s_second)).ExecuteAsync(
            _ =>
            {
                Assert.Equal((Timeout.InfiniteTimeSpan, null), (Deadline.Remaining, Deadline.Owner));
                return new ValueTask<int>(1);
            },
            Stop);
        await Build(b => b.AddDeadlineFlow()).ExecuteAsync(
            _ =>
            {
                Assert.Equal((Timeout.InfiniteTimeSpan, null), (Deadline.Remaining, Deadline.Owner));
                return new ValueTask<int>(1);
            },
            Stop);
    }

    [Fact]
    public void WhenADeadlineMayFlowIn_ThePipelineMeasuresItOnTheFineClock()
    {
        Assert.True(new PipelineBuilder().AddDeadlineFlow().Build().Core.UsesFineClock);
        Assert.True(new PipelineBuilder().AddTimeout(new TimeoutOptions { Generator = static _ => s_second }).Build().Core.UsesFineClock);
        Assert.False(new PipelineBuilder().AddTimeout(s_second).Build().Core.UsesFineClock);
    }

    [Fact]
    public async Task WhenACallOffersItsDeadline_TheCalleeSeesWhatIsLeft_AndTheCallerNothing()
    {
        var pipeline = Build(b => b.AddTimeout(s_second * 5, "total").AddDeadlineFlow());
        var gate = new TaskCompletionSource();
        var call = pipeline.ExecuteAsync(
            async _ =>
            {
                Assert.Equal((s_second * 5, "total"), (Deadline.Remaining, Deadline.Owner));
                await gate.Task;
                Assert.Equal(s_second * 3, Deadline.Remaining);
                return 1;
            },
            Stop);
        Assert.Null(Deadline.Owner);
        _clock.Advance(s_second * 2);
        gate.SetResult();
        Assert.Equal(1, await call);
        Assert.Null(Deadline.Owner);
    }

    [Fact]
    public async Task WhenAnotherPipelineHeedsIt_ItsCallEndsByThen_AndTheErrorNamesWhoSetIt()
    {
        var callee = new Callee();
        var inner = Build(b => b.AddDeadlineFlow().AddTimeout(s_second * 30, "inner"));
        var outer = Build(b => b.AddTimeout(s_second * 5, "outer").AddDeadlineFlow());
        TimeoutRejectedException? seen = null;
        var call = outer.ExecuteOutcomeAsync(
            async token =>
            {
                // The inner call is not given the token: only the flow tells it of the deadline.
                var outcome = await inner.ExecuteOutcomeAsync(callee.Start, CancellationToken.None);
                seen = (TimeoutRejectedException?)outcome.Exception;
                token.ThrowIfCancellationRequested();
                return 1;
            },
            Stop);
        _clock.Advance(s_second * 5);
        Assert.True(callee.Token.IsCancellationRequested);
        Assert.Equal("outer", Assert.IsType<TimeoutRejectedException>((await call).Exception).DeadlineOwner);
        Assert.Equal(("outer", s_second * 5), (seen!.DeadlineOwner, seen.Timeout));
    }

    [Fact]
    public async Task WhenTheInnersOwnDeadlineIsNearer_ItIsHeededAndOfferedOn()
    {
        var inner = Build(b => b.AddDeadlineFlow().AddTimeout(s_second, "inner").AddDeadlineFlow());
        var outer = Build(b => b.AddTimeout(s_second * 5, "outer").AddDeadlineFlow());
        await outer.ExecuteAsync(
            async _ =>
            {
                await inner.ExecuteAsync(
                    _ =>
                    {
                        Assert.Equal((s_second, "inner"), (Deadline.Remaining, Deadline.Owner));
                        return new ValueTask<int>(1);
                    },
                    Stop);
                Assert.Equal((s_second * 5, "outer"), (Deadline.Remaining, Deadline.Owner));
                return 1;
            },
            Stop);
    }

    [Fact]
    public async Task WhenTheOuterIsNearer_ItIsOfferedOnThroughTheInner()
    {
        var inner = Build(b => b.AddTimeout(s_second * 9, "inner").AddDeadlineFlow());
        var outer = Build(b => b.AddTimeout(s_second * 5, "outer").AddDeadlineFlow());
        await outer.ExecuteAsync(
            async _ => await inner.ExecuteAsync(
                _ =>
                {
                    Assert.Equal((s_second * 5, "outer"), (Deadline.Remaining, Deadline.Owner));
                    return new ValueTask<int>(1);
                },
                Stop),
            Stop);
    }

    [Fact]
    public async Task WhenNoTimeIsLeft_TheInnerCallIsNotStarted_AndNotTriedAgain()
    {
        var starts = 0;
        var probe = new Probe();
        var inner = Build(b => b.AddRetry().Add(probe).AddDeadlineFlow());
        var outer = Build(b => b.AddTimeout(s_second, "outer").AddDeadlineFlow());
        await outer.ExecuteOutcomeAsync(
            async _ =>
            {
                _clock.Advance(s_second);
                Assert.Equal(TimeSpan.Zero, Deadline.Remaining);
                var outcome = await inner.ExecuteOutcomeAsync(
                    _ =>
                    {
                        starts++;
                        return new ValueTask<int>(1);
                    },
                    Stop);
                Assert.Equal("outer", Assert.IsType<TimeoutRejectedException>(outcome.Exception).DeadlineOwner);
                return 1;
            },
            Stop);
        Assert.Equal(0, starts);
        Assert.Equal([Verdict.Ignored], probe.Verdicts);
    }

    [Fact]
    public async Task WhenEachAttemptHasATimeout_EachSeesItsOwn()
    {
        var seen = new List<TimeSpan>();
        var pipeline = Build(b => b
            .AddRetry(new RetryOptions { MaxRetries = 2, Backoff = Backoff.Constant(s_second) })
            .AddTimeout(s_second * 4)
            .AddDeadlineFlow());
        var call = pipeline.ExecuteOutcomeAsync(
            _ =>
            {
                seen.Add(Deadline.Remaining);
                _clock.Advance(s_second);
                seen.Add(Deadline.Remaining);
                throw new IOException();
            },
            Stop);
        _clock.Advance(s_second);
        _clock.Advance(s_second);
        Assert.IsType<IOException>((await call).Exception);
        Assert.Equal([s_second * 4, s_second * 3, s_second * 4, s_second * 3, s_second * 4, s_second * 3], seen);
        Assert.Null(Deadline.Owner);
    }

    [Fact]
    public void WhenCallsAreSynchronous_ItFlowsToo()
    {
        var inner = Build(b => b.AddDeadlineFlow());
        Build(b => b.AddTimeout(s_second * 5, "outer").AddDeadlineFlow()).Execute(
            _ => inner.Execute(
                token =>
                {
                    Assert.Equal((s_second * 5, "outer"), (Deadline.Remaining, Deadline.Owner));
                    _clock.Advance(s_second * 4);
                    Assert.False(token.IsCancellationRequested);
                    Assert.Equal(s_second, Deadline.Remaining);
                    return 1;
                },
                Stop),
            Stop);
        Assert.Null(Deadline.Owner);
    }

    [Fact]
    public void WhenASynchronousCallHasNoTimeLeft_ItIsNotStarted()
    {
        var inner = Build(b => b.AddDeadlineFlow());
        var outer = Build(b => b.AddTimeout(s_second, "outer").AddDeadlineFlow());
        var starts = 0;
        Assert.Throws<TimeoutRejectedException>(() => outer.Execute(
            _ =>
            {
                _clock.Advance(s_second);
                return inner.Execute(_ => ++starts, CancellationToken.None);
            },
            Stop));
        Assert.Equal(0, starts);
    }

    [Fact]
    public void WhenTheBuilderIsMissing_ItIsNamed() =>
        Assert.Equal("builder", Assert.Throws<ArgumentNullException>(() => ((PipelineBuilder)null!).AddDeadlineFlow()).ParamName);

    private Pipeline<int> Build(Action<PipelineBuilder<int>> build)
    {
        var builder = new PipelineBuilder<int> { TimeProvider = _clock };
        build(builder);
        return builder.Build();
    }
}
