namespace Resilience.Tests.Latency;

/// <summary>Runs something 10,000 times, once the compiler is done, and fails if it allocated a byte on this thread.</summary>
internal static class Allocations
{
    private const int WarmUps = 10;

    public static void AssertNone(Action<int> action)
    {
        var allocated = Round(action);
        for (var i = 0; i < WarmUps && allocated != 0; i++)
        {
            allocated = Round(action);
        }

        Assert.Equal(0, allocated);
    }

    private static long Round(Action<int> action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            action(i);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
