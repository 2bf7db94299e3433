namespace Resilience.Rpc;

/// <summary>
/// Calls to one endpoint, in batches one after another: what is called while a batch is under way goes with the next, so that no timer is
/// needed and a quiet endpoint is asked at once. An endpoint that takes no batches is told apart by its answer, and asked singly from then on.
/// </summary>
/// <param name="client">The endpoint.</param>
/// <param name="mostCalls">The most calls of a batch, at least 2.</param>
internal sealed class BatchLane(JsonRpcClient client, int mostCalls)
{
    private readonly Lock _gate = new();
    private readonly Queue<QueuedCall> _waiting = new();
    private bool _isRunning;
    private bool _isSingly;

    internal ValueTask<JsonRpcReply> CallAsync(JsonRpcRequest request, LargeBody large, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _isSingly))
        {
            return client.CallAsync(request, large, cancellationToken);
        }

        var call = new QueuedCall(request, large, cancellationToken);
        bool starts;
        lock (_gate)
        {
            _waiting.Enqueue(call);
            starts = !_isRunning;
            _isRunning = true;
        }

        call.Watch();
        if (starts)
        {
            // Not on this thread: so that who calls several times in a row has them in one batch.
            ThreadPool.UnsafeQueueUserWorkItem(static lane => _ = lane.RunAsync(), this, preferLocal: true);
        }

        return new ValueTask<JsonRpcReply>(call.Task);
    }

    // Never fails: what goes wrong is the calls' to know.
    private async Task RunAsync()
    {
        while (Next() is { } calls)
        {
            using var batch = new CallBatch(calls);
            try
            {
                await (calls.Length == 1 || Volatile.Read(ref _isSingly) ? SinglyAsync(batch) : TogetherAsync(batch)).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                batch.Fail(exception);
            }
        }
    }

    // Those that wait, but for those whose callers have left; null, and the lane is at rest, when there are none.
    private QueuedCall[]? Next()
    {
        lock (_gate)
        {
            var calls = new List<QueuedCall>(Math.Min(mostCalls, _waiting.Count));
            while (calls.Count < mostCalls && _waiting.TryDequeue(out var call))
            {
                if (!call.Task.IsCompleted)
                {
                    calls.Add(call);
                }
            }

            _isRunning = calls.Count > 0;
            return _isRunning ? [.. calls] : null;
        }
    }

    private async Task TogetherAsync(CallBatch batch)
    {
        var replies = await client.CallBatchAsync([.. batch.Calls.Select(static call => call.Request)], sharesBody: true, batch.Token).ConfigureAwait(false);
        var fault = replies[0].Fault;
        if (replies.IsSingle && fault is FaultClass.Client or FaultClass.Unsupported or FaultClass.Protocol or FaultClass.Unclassified)
        {
            Volatile.Write(ref _isSingly, true);
            await SinglyAsync(batch).ConfigureAwait(false);
        }
        else if (replies.All(static reply => reply.Fault == FaultClass.TooLarge))
        {
            await SinglyAsync(batch).ConfigureAwait(false);
        }
        else
        {
            for (var i = 0; i < batch.Calls.Length; i++)
            {
                batch.Calls[i].Give(replies[i]);
            }
        }
    }

    private Task SinglyAsync(CallBatch batch) => Task.WhenAll(batch.Calls.Select(async call =>
    {
        try
        {
            call.Give(await client.CallAsync(call.Request, call.Large, call.Token).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            call.Fail(exception);
        }
    }));
}
