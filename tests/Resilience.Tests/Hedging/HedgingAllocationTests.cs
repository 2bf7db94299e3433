using Resilience.Tests.Execution;

namespace Resilience.Tests.Hedging;

/// <summary>What hedged calls allocate: nothing when they end at once, and nothing above the callback when they wait.</summary>
[Collection(Allocations.Alone)]
public class HedgingAllocationTests : HedgingTestBase
{
    private static readonly Exception s_failure = new ScriptedException("at once");

    [Fact]
    public void WhenTheFirstAttemptEndsAtOnce_NothingIsAllocated()
    {
        using var caller = new CancellationTokenSource();
        var token = caller.Token;
        foreach (var delay in new[] { HedgeDelay.After(Second), HedgeDelay.AtPercentile(0.95, Second, Second) })
        {
            var pipeline = Hedged<int>(2, delay);
            Assert.Equal(0, Allocations.Of(() => pipeline.ExecuteAsync(static (_, _) => new ValueTask<int>(1), 0).GetAwaiter().GetResult()));
            Assert.Equal(0, Allocations.Of(() => pipeline.ExecuteAsync(static (_, _) => new ValueTask<int>(1), 0, token).GetAwaiter().GetResult()));
            Assert.Equal(0, Allocations.Of(() => pipeline.ExecuteAsync(static (_, _) => new ValueTask<int>(1), 0, null).GetAwaiter().GetResult()));
        }
    }

    [Fact]
    public void WhenAnAttemptFailsAtOnceAndTheNextDoesNot_NothingIsAllocated()
    {
        var pipeline = Hedged<int>();
        var starts = 0;
        var callback = ValueTask<Outcome<int>> (CancellationToken _) =>
            new(++starts % 2 == 0 ? Outcome.FromResult(1) : Outcome.FromException<int>(s_failure));
        Assert.Equal(0, Allocations.Of(() => pipeline.ExecuteOutcomeAsync(callback).GetAwaiter().GetResult()));
    }

    [Fact]
    public void WhenTheCallerBringsAContext_NothingIsAllocated()
    {
        var pipeline = Hedged<int>();
        using var context = CallContext.Rent();
        var key = new PropertyKey<string>("key");
        Assert.Equal(0, Allocations.Of(() => pipeline.ExecuteAsync(
            static (key, c) =>
            {
                c.Set(key, "value");
                return new ValueTask<int>(1);
            },
            key,
            context).GetAwaiter().GetResult()));
    }

    [Fact]
    public void WhenTheFirstAttemptMustWait_OnlyTheCallbackAllocates()
    {
        var pipeline = Hedged<int>();
        var source = new ManualSource<int>();
        Assert.Equal(0, Allocations.Of(() =>
        {
            source.Reset();
            var call = pipeline.ExecuteAsync(static (source, _) => source.Task, source);
            source.Complete(1);
            Assert.True(call.IsCompleted);
            call.GetAwaiter().GetResult();
        }));
    }

    [Fact]
    public void WhenTheDelayIsOver_OnlyTheCancelledSourceIsAllocatedAnew()
    {
        var pipeline = Hedged<int>();
        var (first, second) = (new ManualSource<int>(), new ManualSource<int>());
        var state = (First: first, Second: second, Starts: new System.Runtime.CompilerServices.StrongBox<int>());
        Assert.InRange(Allocations.Of(() =>
        {
            first.Reset();
            second.Reset();
            state.Starts.Value = 0;
            var call = pipeline.ExecuteAsync(static (s, _) => s.Starts.Value++ == 0 ? s.First.Task : s.Second.Task, state);
            Clock.Advance(Second);
            second.Complete(2);
            Assert.True(call.IsCompleted);
            call.GetAwaiter().GetResult();
            first.Complete(1);
        }) / 10_000, 1, 160);
    }

    [Fact]
    public void WhenBothAttemptsMustWait_OnlyTheCancelledSourceIsAllocatedAnew()
    {
        var pipeline = Hedged<int>(2, HedgeDelay.Parallel);
        var (first, second) = (new ManualSource<int>(), new ManualSource<int>());
        var state = (First: first, Second: second, Starts: new System.Runtime.CompilerServices.StrongBox<int>());
        Assert.InRange(Allocations.Of(() =>
        {
            first.Reset();
            second.Reset();
            state.Starts.Value = 0;
            var call = pipeline.ExecuteAsync(static (s, _) => s.Starts.Value++ == 0 ? s.First.Task : s.Second.Task, state);
            second.Complete(2);
            Assert.True(call.IsCompleted);
            call.GetAwaiter().GetResult();
            first.Complete(1);
        }) / 10_000, 1, 160);
    }
}
