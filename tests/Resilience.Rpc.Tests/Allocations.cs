namespace Resilience.Rpc.Tests;

/// <summary>What a piece of code allocates once it is warm.</summary>
internal static class Allocations
{
    private const int Iterations = 10_000;
    private const int WarmUps = 10;

    /// <summary>Bytes allocated on this thread by 10,000 runs, after as many rounds of warming up as the compiler needs.</summary>
    internal static long Of(Action action)
    {
        var allocated = Round(action);
        for (var i = 0; i < WarmUps && allocated != 0; i++)
        {
            allocated = Round(action);
        }

        return allocated;
    }

    private static long Round(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Iterations; i++)
        {
            action();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
