namespace Resilience.Tests.Execution;

/// <summary>Ambient state: the caller's is seen by whatever runs later, and nothing that a strategy sets is seen by anybody else.</summary>
public sealed class FlowTests : Timeouts.FreshStack
{
    private static readonly AsyncLocal<string?> s_local = new();
    private readonly List<string?> _seen = [];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhenStrategiesSetAValue_TheCallerDoesNotSeeIt(bool suspends)
    {
        s_local.Value = "caller";
        var source = new ManualSource<int>();
        var pipeline = Pipelines.Of(Setting("outer"), Setting("inner"));
        var call = pipeline.ExecuteAsync((CancellationToken _) =>
        {
            _seen.Add(s_local.Value);
            return suspends ? source.Task : new ValueTask<int>(1);
        });
        Assert.Equal("caller", s_local.Value);
        if (suspends)
        {
            source.Complete(1);
        }

        Assert.Equal("caller", s_local.Value);
        await call;
        Assert.Equal("caller", s_local.Value);
        Assert.Equal(["inner in", "inner in", "inner out"], _seen);
    }

    [Fact]
    public async Task WhenTheCallbackIsAsynchronous_TheCallerDoesNotSeeWhatItSet()
    {
        s_local.Value = "caller";
        await Pipelines.Of(new Probe { IsForeign = false }).ExecuteAsync(static async (CancellationToken _) =>
        {
            s_local.Value = "callback";
            await Task.Yield();
        });
        Assert.Equal("caller", s_local.Value);
    }

    [Fact]
    public void WhenACallbackInAGuardedPipelineSetsAValueAtOnce_TheCallerDoesNotSeeIt()
    {
        s_local.Value = "caller";
        Pipelines.Of(new Probe()).Execute(static (CancellationToken _) => { s_local.Value = "callback"; }, CancellationToken.None);
        Assert.Equal("caller", s_local.Value);
    }

    [Fact]
    public async Task WhenAStrangerEndsTheWait_LaterAttemptsAndHooksSeeTheCallersValue_AndTheStrangerKeepsHisOwn()
    {
        s_local.Value = "caller";
        var sources = new[] { new ManualSource<int>(), new ManualSource<int>() };
        var pipeline = Pipelines.Of(new Probe
        {
            Leaves = (ref CallFrame frame, ref Slot _) =>
            {
                _seen.Add(s_local.Value);
                s_local.Value = "hook";
                return frame.Attempt == 0 ? Exit.Again : Exit.Continue;
            },
        });
        var attempt = 0;
        var call = pipeline.ExecuteAsync((CancellationToken _) =>
        {
            _seen.Add(s_local.Value);
            return sources[attempt++].Task;
        });
        for (var i = 0; i < 2; i++)
        {
            var stranger = new Thread(() =>
            {
                s_local.Value = "stranger";
                sources[i].Complete(i);
                _seen.Add(s_local.Value);
            });
            stranger.Start();
            stranger.Join();
        }

        Assert.Equal(1, await call);
        Assert.Equal(["caller", "caller", "hook", "stranger", "caller", "stranger"], _seen);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhenTheFlowIsSuppressed_NothingLeaks_AndItStaysSuppressed(bool suspends)
    {
        s_local.Value = "caller";
        var source = new ManualSource<int>();
        var pipeline = Pipelines.Of(Setting("strategy"));
        using (ExecutionContext.SuppressFlow())
        {
            var call = pipeline.ExecuteAsync((CancellationToken _) =>
            {
                _seen.Add($"{s_local.Value} {ExecutionContext.IsFlowSuppressed()}");
                return suspends ? source.Task : new ValueTask<int>(1);
            });
            Assert.Equal("caller", s_local.Value);
            Assert.True(ExecutionContext.IsFlowSuppressed());
            if (suspends)
            {
                var stranger = new Thread(() =>
                {
                    s_local.Value = "stranger";
                    source.Complete(1);
                    _seen.Add(s_local.Value);
                });
                stranger.UnsafeStart();
                stranger.Join();
            }

            Assert.Equal(1, call.Result);
        }

        Assert.False(ExecutionContext.IsFlowSuppressed());
        Assert.Equal("caller", s_local.Value);
        Assert.Equal(suspends ? ["strategy in True", "stranger", "stranger"] : ["strategy in True", "strategy in"], _seen);
    }

    [Fact]
    public void WhenToldToStayOnTheCallersContext_LaterAttemptsAndHooksRunThere() => SingleThreadContext.Run(async context =>
    {
        var threads = new List<int>();
        var pipeline = new PipelineBuilder { Settings = new PipelineSettings { ContinueOnCapturedContext = true } }
            .Add(new Probe
            {
                Leaves = (ref CallFrame frame, ref Slot _) =>
                {
                    threads.Add(Environment.CurrentManagedThreadId);
                    return frame.Attempt < 2 ? Exit.Again : Exit.Continue;
                },
            })
            .Build();
        await pipeline.ExecuteAsync(async (CancellationToken _) =>
        {
            threads.Add(Environment.CurrentManagedThreadId);
            await Task.Run(static () => { });
        });
        Assert.Equal(Enumerable.Repeat(context.ThreadId, 6), threads);
    });

    [Fact]
    public void WhenACallOnTheContextEndsAnother_TheOtherStaysOnTheContext() => SingleThreadContext.Run(async context =>
    {
        var threads = new List<int>();
        var source = new TaskCompletionSource<int>();
        Pipeline Recording() => new PipelineBuilder { Settings = new PipelineSettings { ContinueOnCapturedContext = true } }
            .Add(new Probe
            {
                Leaves = (ref CallFrame _, ref Slot _) =>
                {
                    threads.Add(Environment.CurrentManagedThreadId);
                    return Exit.Continue;
                },
            })
            .Build();
        var inner = Recording().ExecuteAsync((CancellationToken _) => source.Task);
        var outer = Recording().ExecuteAsync((CancellationToken _) => inner);
        _ = Task.Run(() => source.SetResult(7));
        Assert.Equal(7, await outer);
        Assert.Equal([context.ThreadId, context.ThreadId], threads);
    });

    [Fact]
    public void WhenTheCallersContextIsGone_StrategiesAreLeftAllTheSame() => SingleThreadContext.Run(async context =>
    {
        var probe = new Probe();
        var source = new TaskCompletionSource<int>();
        var pipeline = new PipelineBuilder { Settings = new PipelineSettings { ContinueOnCapturedContext = true } }.Add(probe).Build();
        var call = pipeline.ExecuteAsync((CancellationToken _) => source.Task).AsTask();
        context.IsGone = true;
        await Task.Run(() => source.SetResult(7)).ConfigureAwait(false);
        Assert.Equal(7, await call.ConfigureAwait(false));
        Assert.Equal(1, probe.Left);
    });

    private Probe Setting(string name) => new(name)
    {
        Enters = (ref CallFrame _, ref Slot _) =>
        {
            s_local.Value = $"{name} in";
            return Entry.Go;
        },
        Leaves = (ref CallFrame _, ref Slot _) =>
        {
            _seen.Add(s_local.Value);
            s_local.Value = $"{name} out";
            return Exit.Continue;
        },
    };
}
