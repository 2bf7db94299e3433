namespace Resilience.Rpc;

/// <summary>Calls that are sent together: cancelled when all of their callers have left.</summary>
internal sealed class CallBatch : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private int _callers;

    internal CallBatch(QueuedCall[] calls)
    {
        Calls = calls;
        _callers = calls.Length;
        Token = _stop.Token;
        foreach (var call in calls)
        {
            call.Join(this);
        }
    }

    internal QueuedCall[] Calls { get; }

    internal CancellationToken Token { get; }

    /// <summary>A caller has left: once each.</summary>
    internal void Leave()
    {
        if (Interlocked.Decrement(ref _callers) != 0)
        {
            return;
        }

        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The batch was over in the same moment.
        }
        catch (AggregateException exception)
        {
            UnobservedFault.Report(exception);
        }
    }

    /// <summary>Nothing came of it.</summary>
    internal void Fail(Exception exception)
    {
        foreach (var call in Calls)
        {
            call.Fail(exception);
        }
    }

    public void Dispose() => _stop.Dispose();
}
