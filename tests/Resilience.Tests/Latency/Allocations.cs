namespace Resilience.Tests.Latency;

/// <summary>Runs something 10,000 times, warm, and fails if it allocated a byte on this thread.</summary>
internal static class Allocations
{
    public static void AssertNone(Action<int> action)
    {
        var runs = 0;
        Assert.Equal(0, Execution.Allocations.Of(() => action(runs++ % 10_000)));
    }
}
