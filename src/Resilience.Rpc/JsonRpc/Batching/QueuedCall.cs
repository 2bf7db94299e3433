namespace Resilience.Rpc;

/// <summary>A call that waits for its batch, or is in one. Its caller may leave at any moment, whatever becomes of the batch.</summary>
internal sealed class QueuedCall(JsonRpcRequest request, LargeBody large, CancellationToken token)
{
    private readonly TaskCompletionSource<JsonRpcReply> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _registration;
    private CallBatch? _batch;
    private int _hasLeft;

    internal JsonRpcRequest Request => request;

    internal LargeBody Large => large;

    internal CancellationToken Token => token;

    internal Task<JsonRpcReply> Task => _source.Task;

    /// <summary>Heeds the caller's token from here on.</summary>
    internal void Watch() => _registration = token.UnsafeRegister(static call => ((QueuedCall)call!).OnCancelled(), this);

    /// <summary>It is in a batch now.</summary>
    internal void Join(CallBatch batch)
    {
        Interlocked.Exchange(ref _batch, batch);
        if (_source.Task.IsCompleted)
        {
            Leave();
        }
    }

    /// <summary>The answer, which is disposed of if the caller has left.</summary>
    internal void Give(JsonRpcReply reply)
    {
        _registration.Unregister();
        if (!_source.TrySetResult(reply))
        {
            reply.Dispose();
        }
    }

    /// <summary>There is no answer.</summary>
    internal void Fail(Exception exception)
    {
        _registration.Unregister();
        _ = exception is OperationCanceledException cancelled
            ? _source.TrySetCanceled(cancelled.CancellationToken)
            : _source.TrySetException(exception);
    }

    private void OnCancelled()
    {
        if (_source.TrySetCanceled(token))
        {
            Leave();
        }
    }

    // The exchange above and the completed task are each seen by the other side, so that one of the two leaves.
    private void Leave()
    {
        if (Interlocked.CompareExchange(ref _batch, null, null) is { } batch && Interlocked.Exchange(ref _hasLeft, 1) == 0)
        {
            batch.Leave();
        }
    }
}
