using System.Collections.Concurrent;

namespace Resilience.Caching.Tests;

/// <summary>A source of values whose calls end when the test says so.</summary>
internal sealed class Source
{
    private readonly ConcurrentQueue<TaskCompletionSource<int>> _calls = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public CancellationToken LastToken { get; private set; }

    public ValueTask<int> CallAsync(CancellationToken token)
    {
        LastToken = token;
        Interlocked.Increment(ref _count);
        var call = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls.Enqueue(call);
        return new ValueTask<int>(call.Task.WaitAsync(token));
    }

    public void Answer(int value)
    {
        Assert.True(_calls.TryDequeue(out var call));
        call.SetResult(value);
    }

    public void Fail()
    {
        Assert.True(_calls.TryDequeue(out var call));
        call.SetException(new IOException("the source failed"));
    }
}
