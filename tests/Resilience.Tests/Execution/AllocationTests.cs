using Resilience.Testing;

namespace Resilience.Tests.Execution;

/// <summary>Calls that complete at once allocate nothing, whatever the overload and the pipeline; nor do calls that suspend, once warm.</summary>
[Collection(Allocations.Alone)]
public sealed class AllocationTests : Timeouts.FreshStack
{
    private static readonly Dictionary<string, Func<Strategy>> s_kinds = new()
    {
        ["plain"] = static () => new Probe { IsForeign = false },
        ["foreign"] = static () => new Probe(),
    };

    public static TheoryData<string, int> Shapes { get; } = new(
        from kind in s_kinds.Keys
        from depth in new[] { 0, 1, SlotBuffer.Capacity, SlotBuffer.Capacity + 1, 12 }
        select (kind, depth));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void WhenCallsCompleteAtOnce_NoOverloadAllocates(string kind, int depth)
    {
        var any = Fill(new PipelineBuilder(), kind, depth).Build();
        var typed = Fill(new PipelineBuilder<int>(), kind, depth).Classify(new OutcomeRules<int>()).Build();
        Assert.All(AnyOverloads.All, overload => Assert.Equal(0, Allocations.Of(() => overload.Value(any))));
        Assert.All(TypedOverloads.All, overload => Assert.Equal(0, Allocations.Of(() => overload.Value(typed))));
    }

    [Fact]
    public void WhenThePipelineIsComposedTypedReclassifiedAndTimed_NoOverloadAllocates()
    {
        var part = new PipelineBuilder().Classify(ExceptionClassifier.Default).Add(new Probe()).AddTimeout(TimeSpan.FromSeconds(30)).Build();
        var typed = new PipelineBuilder<int>()
            .AddTimeout(TimeSpan.FromSeconds(60))
            .AddRetry(new RetryOptions(), new OutcomeRules<int>())
            .Add(new Probe<int>())
            .Add(part)
            .Build();
        Assert.All(AnyOverloads.All, overload => Assert.Equal(0, Allocations.Of(() => overload.Value(part))));
        Assert.All(TypedOverloads.All, overload => Assert.Equal(0, Allocations.Of(() => overload.Value(typed))));
    }

    [Fact]
    public void WhenAttemptsAreRepeatedRefusedOrWrapped_NothingIsAllocated()
    {
        var again = Pipelines.Of(new Probe { Leaves = static (ref CallFrame frame, ref Slot _) => frame.Attempt < 3 ? Exit.Again : Exit.Continue });
        Assert.Equal(0, Allocations.Of(() => again.Execute(static (CancellationToken _) => 1, CancellationToken.None)));
        var source = new Probe();
        var refusing = Pipelines.Of(new Probe { Enters = (ref CallFrame frame, ref Slot _) => frame.Refuse(source, RejectionReason.CircuitOpen) });
        Assert.Equal(0, Allocations.Of(() => _ = refusing.ExecuteOutcome(static (CancellationToken _) => 1).Rejection));
        var wrapped = Pipelines.For<int>(new Around<int>(static inner => inner.ExecuteAsync()), new Probe());
        Assert.Equal(0, Allocations.Of(() => wrapped.ExecuteAsync(static (CancellationToken _) => new ValueTask<int>(1)).GetAwaiter().GetResult()));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void WhenTheCallbackSuspends_NothingIsAllocatedOnceWarm(string kind, int depth)
    {
        var pipeline = Fill(new PipelineBuilder(), kind, depth).Build();
        var source = new ManualSource<int>();
        Func<CancellationToken, ValueTask<int>> callback = _ => source.Task;
        Func<CallContext, ValueTask<int>> withContext = _ => source.Task;
        void Finish(ValueTask<int> call)
        {
            source.Complete(1);
            Check(call.GetAwaiter().GetResult());
            source.Reset();
        }

        Assert.Equal(0, Allocations.Of(() => Finish(pipeline.ExecuteAsync(callback))));
        Assert.Equal(0, Allocations.Of(() => Finish(pipeline.ExecuteAsync(withContext, null))));
        Assert.Equal(0, Allocations.Of(() =>
        {
            var call = pipeline.ExecuteOutcomeAsync(callback);
            source.Complete(1);
            Check(call.GetAwaiter().GetResult().ResultOrDefault);
            source.Reset();
        }));
    }

    [Fact]
    public void WhenAWrappedCallbackSuspends_OrAStrategyWaits_NothingIsAllocatedOnceWarm()
    {
        var source = new ManualSource<int>();
        Func<CancellationToken, ValueTask<int>> callback = _ => source.Task;
        var wrapped = Pipelines.For<int>(new Around<int>(static inner => inner.ExecuteAsync()), new Probe());
        Assert.Equal(0, Allocations.Of(() =>
        {
            var call = wrapped.ExecuteAsync(callback);
            source.Complete(1);
            while (!call.IsCompleted)
            {
                Thread.Yield();
            }

            Check(call.GetAwaiter().GetResult());
            source.Reset();
        }));
        var clock = new ManualClock();
        var waiting = Pipelines.Of(clock, new Probe
        {
            Enters = static (ref CallFrame frame, ref Slot _) =>
            {
                frame.WaitFor(TimeSpan.FromSeconds(1));
                return Entry.Wait;
            },
        });
        Assert.Equal(0, Allocations.Of(() =>
        {
            var call = waiting.ExecuteAsync(static (CancellationToken _) => new ValueTask<int>(1));
            clock.Advance(TimeSpan.FromSeconds(1));
            Check(call.GetAwaiter().GetResult());
        }));
    }

    // The library's own assertion allocates.
    private static void Check(int result)
    {
        if (result != 1)
        {
            Assert.Fail($"The result is {result}.");
        }
    }

    private static TBuilder Fill<TBuilder>(TBuilder builder, string kind, int depth)
        where TBuilder : StrategyBuilder
    {
        for (var i = 0; i < depth; i++)
        {
            builder.AddStrategy(s_kinds[kind]());
        }

        return builder;
    }
}
