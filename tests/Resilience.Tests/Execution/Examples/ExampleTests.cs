using System.Diagnostics;
using Resilience.Testing;

namespace Resilience.Tests.Execution.Examples;

/// <summary>The examples of a user's own strategies do what they say.</summary>
public sealed class ExampleTests
{
    [Fact]
    public void WhenOutsideBusinessHours_TheCallIsRefused_AndSaysWhenToTryAgain()
    {
        var clock = new ManualClock();
        var pipeline = new PipelineBuilder { TimeProvider = clock }
            .Add(new BusinessHours(new TimeOnly(9, 0), new TimeOnly(17, 0), clock))
            .Build();
        var rejected = Assert.Throws<RejectedException>(() => pipeline.Execute(static (CancellationToken _) => 1, CancellationToken.None));
        Assert.Equal(("business hours", TimeSpan.FromHours(9)), (rejected.Rejection.Source.Name, rejected.RetryAfter));
        clock.Advance(TimeSpan.FromHours(9));
        Assert.Equal(1, pipeline.Execute(static (CancellationToken _) => 1, CancellationToken.None));
    }

    [Fact]
    public async Task WhenTraced_TheActivityIsCurrentInside_AndEndsWithTheCall()
    {
        using var source = new ActivitySource("example");
        var stopped = new List<(string Name, ActivityStatusCode Status)>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = heard => heard == source,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => stopped.Add((activity.OperationName, activity.Status)),
        };
        ActivitySource.AddActivityListener(listener);
        using var context = CallContext.Rent("orders/get");
        var pipeline = new PipelineBuilder().Add(new Traced(source)).Build();
        Assert.Equal("orders/get", await pipeline.ExecuteAsync(
            static async (CallContext _) =>
            {
                await Task.Yield();
                return Activity.Current?.OperationName;
            },
            context));
        await pipeline.ExecuteOutcomeAsync(static (CancellationToken _) => ValueTask.FromException<int>(new ScriptedException("failed")));
        Assert.Equal([("orders/get", ActivityStatusCode.Ok), ("call", ActivityStatusCode.Error)], stopped);
        Assert.Null(Activity.Current);
    }
}
