namespace Resilience.Tests.Latency;

/// <summary>Runs a body on several threads of its own that begin together, and fails with what any of them threw.</summary>
internal static class Together
{
    public static void Run(int threads, Action<int> body)
    {
        using var barrier = new Barrier(threads);
        var errors = new Exception?[threads];
        var all = Enumerable.Range(0, threads).Select(id => new Thread(() =>
        {
            try
            {
                barrier.SignalAndWait();
                body(id);
            }
            catch (Exception e)
            {
                errors[id] = e;
            }
        })).ToArray();
        Array.ForEach(all, thread => thread.Start());
        Array.ForEach(all, thread => thread.Join());
        Assert.All(errors, Assert.Null);
    }
}
