namespace Resilience.Testing;

/// <summary>What a server has seen, and whoever waits for it to see more. Safe for concurrent use; a waiter never runs under the lock.</summary>
internal sealed class FaultRecord
{
    private readonly Lock _gate = new();
    private readonly List<ReceivedRequest> _requests = [];
    private TaskCompletionSource _change = NewChange();
    private int _connections;
    private int _open;

    /// <summary>How many connections were accepted.</summary>
    internal int Connections => Volatile.Read(ref _connections);

    /// <summary>How many of them are open still.</summary>
    internal int OpenConnections => Volatile.Read(ref _open);

    /// <summary>The requests so far.</summary>
    internal IReadOnlyList<ReceivedRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>A connection was accepted; gives its number, from 1.</summary>
    internal int Open()
    {
        lock (_gate)
        {
            _open++;
            return ++_connections;
        }
    }

    /// <summary>A connection has ended.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _open--;
            Announce();
        }
    }

    /// <summary>A request was read.</summary>
    internal void Add(ReceivedRequest request)
    {
        lock (_gate)
        {
            _requests.Add(request);
            Announce();
        }
    }

    /// <summary>Waits until there are so many requests.</summary>
    internal Task WaitForRequestsAsync(int count, CancellationToken cancellationToken) =>
        WaitAsync(() => _requests.Count >= count, cancellationToken);

    /// <summary>Waits until there was a connection and none is open.</summary>
    internal Task WaitForNoConnectionAsync(CancellationToken cancellationToken) =>
        WaitAsync(() => _connections > 0 && _open == 0, cancellationToken);

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Announce()
    {
        _change.SetResult();
        _change = NewChange();
    }

    private async Task WaitAsync(Func<bool> holds, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task change;
            lock (_gate)
            {
                if (holds())
                {
                    return;
                }

                change = _change.Task;
            }

            await change.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
