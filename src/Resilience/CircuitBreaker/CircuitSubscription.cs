namespace Resilience;

/// <summary>
/// A handler of a circuit breaker's transitions. It is called on the thread pool, one transition at a time and in order, with the execution
/// context of whoever subscribed. What it throws is dropped; while it does not return, 64 transitions are kept for it. Safe for concurrent use.
/// </summary>
public sealed class CircuitSubscription : IDisposable, ITransitionReader
{
    private readonly TransitionLog<Production> _log;
    private readonly Action<CircuitTransition> _handler;
    private readonly ExecutionContext? _flow;
    private readonly Reader _reader;

    // Read and written by the one thread that runs.
    private long _next;
    private long _dropped;

    // Not readonly: it changes in place.
    private ReaderTurn<Production> _turn;
    private volatile bool _disposed;

    internal CircuitSubscription(TransitionLog<Production> log, Action<CircuitTransition> handler, long next)
    {
        _log = log;
        _handler = handler;
        _reader = new Reader(this);
        _flow = ExecutionContext.Capture();
        _next = next;
    }

    /// <summary>How many transitions the handler missed because it was 64 behind.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Ends the subscription; a call of the handler that has begun goes on.</summary>
    public void Dispose()
    {
        _disposed = true;
        _log.Remove(this);
    }

    void ITransitionReader.Wake()
    {
        if (_turn.Wake())
        {
            ThreadPool.UnsafeQueueUserWorkItem(_reader, preferLocal: false);
        }
    }

    private void Drain()
    {
        for (var wanted = _next; !_disposed && _log.Find(ref wanted) is { } transition; wanted = _next)
        {
            Volatile.Write(ref _dropped, _dropped + wanted - _next);
            _next = wanted + 1;
            Call(transition);
        }
    }

    private void Call(CircuitTransition transition)
    {
        try
        {
            if (_flow is null)
            {
                _handler(transition);
                return;
            }

            ExecutionContext.Run(_flow, static state => ((Action)state!)(), () => _handler(transition));
        }
        catch (Exception)
        {
            // A listener has no say in what the breaker does, and nobody waits for it here.
        }
    }

    // Kept apart so that nobody but the pool can run it.
    private sealed class Reader(CircuitSubscription owner) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            do
            {
                owner._turn.Begin();
                owner.Drain();
            }
            while (!owner._turn.TryEnd());
        }
    }
}
