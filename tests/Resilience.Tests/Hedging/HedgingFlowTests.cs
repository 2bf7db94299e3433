namespace Resilience.Tests.Hedging;

/// <summary>In which flow the ends of attempts, classifiers, hooks and continuations run, and that none of it reaches anybody else's.</summary>
public class HedgingFlowTests : HedgingTestBase
{
    private static readonly AsyncLocal<string?> s_flow = new();

    [Fact]
    public async Task WhenAnAttemptEndsAtOnce_TheClassifierSeesTheFlowAsTheCallbackLeftIt()
    {
        var seen = new List<string?>();
        var (starts, first) = (0, new TaskCompletionSource<int>());
        s_flow.Value = "the caller's";
        var call = Judged(seen, Options(2, HedgeDelay.Parallel)).ExecuteAsync(
            _ =>
            {
                if (++starts == 1)
                {
                    return new ValueTask<int>(first.Task);
                }

                s_flow.Value = "the attempt's";
                return new ValueTask<int>(7);
            },
            Stop);
        Assert.Equal(7, await call);
        Assert.Equal("the attempt's", seen[0]);
        Assert.Equal("the caller's", s_flow.Value);
        first.SetResult(1);
    }

    [Fact]
    public async Task WhatTheHookSets_TheClassifierOfItsAttemptSees()
    {
        var seen = new List<string?>();
        var starts = new Starts<int>();
        s_flow.Value = "the caller's";
        var options = Options(2, HedgeDelay.Parallel) with { OnHedge = _ => s_flow.Value = "the hook's" };
        var call = Judged(seen, options).ExecuteAsync(starts.Run, Stop);
        starts[1].Return(7);
        Assert.Equal(7, await call);
        Assert.Equal("the hook's", seen[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhoeverEndsAnAttempt_KeepsHisFlow_AndTheContinuationSeesThatOfTheCall(bool late)
    {
        var starts = new Starts<int>();
        s_flow.Value = "the caller's";
        var awaiter = Hedged<int>(2, late ? null : HedgeDelay.Parallel).ExecuteAsync(starts.Run, Stop).GetAwaiter();
        Clock.Advance(Second);
        string? seen = null;
        awaiter.UnsafeOnCompleted(() =>
        {
            seen = s_flow.Value;
            s_flow.Value = "the continuation's";
        });
        Assert.Equal("another's", FlowAfter(() => starts[1].Return(7)));
        Assert.Equal("the caller's", seen);
    }

    [Fact]
    public void WhatAnAttemptWaitsFor_IsReadInItsFlow()
    {
        var sources = new List<FlowSource>();
        s_flow.Value = "the caller's";
        var call = Hedged<int>(2, HedgeDelay.Parallel).ExecuteAsync(
            _ =>
            {
                sources.Add(new FlowSource(s_flow));
                return sources[^1].Task;
            },
            Stop);
        Assert.Equal("another's", FlowAfter(sources[1].Answer));
        Assert.True(call.IsCompleted);
        Assert.Equal("the caller's", sources[1].Seen);
    }

    [Fact]
    public async Task WhatALaterAttemptSetsAsSynchronizationContext_DoesNotReachTheCaller()
    {
        var before = SynchronizationContext.Current;
        var (starts, first) = (0, new TaskCompletionSource<int>());
        var call = Hedged<int>(2, HedgeDelay.Parallel).ExecuteAsync(
            _ =>
            {
                if (++starts == 2)
                {
                    SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
                }

                return new ValueTask<int>(first.Task);
            },
            Stop);
        var after = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(before);
        first.SetResult(1);
        await call;
        Assert.Same(before, after);
    }

    [Fact]
    public async Task WhenAListenerToTheFlowEndsAnAttemptOfAnotherCall_BothCallsEnd()
    {
        var others = new TaskCompletionSource<int>();
        var other = Hedged<int>(2, HedgeDelay.Parallel).ExecuteAsync(_ => new ValueTask<int>(others.Task), Stop).AsTask();
        var (starts, isArmed) = (0, false);
        var heard = new AsyncLocal<string>(change =>
        {
            if (isArmed && change.ThreadContextChanged && change.PreviousValue == "the attempt's")
            {
                isArmed = false;
                others.SetResult(1);
            }
        });
        var call = Hedged<int>(Options(2, HedgeDelay.Parallel) with { OnHedge = _ => { } }).ExecuteAsync(
            _ =>
            {
                if (++starts == 1)
                {
                    return new ValueTask<int>(new TaskCompletionSource<int>().Task);
                }

                heard.Value = "the attempt's";
                isArmed = true;
                return new ValueTask<int>(5);
            },
            Stop).AsTask();
        Assert.Equal((1, 5), (await other.WaitAsync(TimeSpan.FromSeconds(30), Stop), await call.WaitAsync(TimeSpan.FromSeconds(30), Stop)));
    }

    private static string? FlowAfter(Action action)
    {
        string? left = null;
        var thread = new Thread(() =>
        {
            s_flow.Value = "another's";
            action();
            left = s_flow.Value;
        });
        thread.Start();
        thread.Join();
        return left;
    }

    private Pipeline<int> Judged(List<string?> seen, HedgingOptions options) =>
        Innermost(new PipelineBuilder<int> { TimeProvider = Clock }
            .Classify(rules => rules.OnResult(
                _ =>
                {
                    seen.Add(s_flow.Value);
                    return false;
                },
                Verdict.Transient))
            .AddHedging(options)).Build();
}
