namespace Resilience.Tests.Execution;

[Collection(Allocations.Alone)]
public sealed class RentForCallTests
{
    private static readonly PropertyKey<string> s_key = new("key");

    [Fact]
    public void WhenCallsEnd_TheirContextsGoBackToThePoolByThemselves()
    {
        var pipeline = new PipelineBuilder().AddRetry().Build();
        Call(pipeline, 1_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Call(pipeline, 10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task WhenASuspendedCallEnds_ItsContextIsClean_ForTheNext()
    {
        for (var i = 0; i < 100; i++)
        {
            var context = CallContext.RentForCall("operation", TimeSpan.FromMinutes(1));
            Assert.False(context.TryGet(s_key, out _));
            await Pipeline.Empty.ExecuteAsync(
                async ValueTask<int> (context) =>
                {
                    Assert.Equal("operation", context.OperationName);
                    context.Set(s_key, "value");
                    await Task.Yield();
                    return 0;
                },
                context,
                TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void WhenTimeoutIsNotAboveZero_ItIsNamed() =>
        Assert.Throws<ArgumentOutOfRangeException>("timeout", () => CallContext.RentForCall(timeout: TimeSpan.Zero));

    private static void Call(Pipeline pipeline, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            pipeline.Execute(static context => context.Attempt, CallContext.RentForCall("operation"));
        }
    }
}
