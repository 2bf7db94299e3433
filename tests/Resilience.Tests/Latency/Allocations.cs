namespace Resilience.Tests.Latency;

/// <summary>Runs something 10,000 times, warm, and fails if it allocated a byte on this thread.</summary>
internal static class Allocations
{
    public static void AssertNone(Action<int> action)
    {
        for (var i = 0; i < 1_000; i++)
        {
            action(i);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            action(i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
