using System.Collections.Concurrent;

namespace Resilience.Tests.Execution;

/// <summary>A synchronization context of one thread, as a user interface has.</summary>
internal sealed class SingleThreadContext : SynchronizationContext
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _posted = [];

    internal int ThreadId { get; private set; }

    internal bool IsGone { get; set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        ObjectDisposedException.ThrowIf(IsGone, this);
        _posted.Add((d, state));
    }

    /// <summary>Runs <paramref name="main"/> and all that is posted, on a thread of its own, until the task ends.</summary>
    internal static void Run(Func<SingleThreadContext, Task> main)
    {
        var failure = default(Exception);
        var thread = new Thread(() => failure = Record.Exception(() =>
        {
            var context = new SingleThreadContext { ThreadId = Environment.CurrentManagedThreadId };
            SetSynchronizationContext(context);
            var task = main(context);
            task.ContinueWith(_ => context._posted.CompleteAdding(), TaskScheduler.Default);
            foreach (var (callback, state) in context._posted.GetConsumingEnumerable())
            {
                callback(state);
            }

            task.GetAwaiter().GetResult();
        }));
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }
}
