namespace Resilience.Caching;

/// <summary>
/// Work for later, a bounded number of pieces, done in order by one thread of the pool while there is any. What does not fit is refused at once.
/// </summary>
/// <remarks>Safe for concurrent use. A piece allocates nothing. The lock is held for a few instructions, never while work runs.</remarks>
/// <typeparam name="T">A piece of work.</typeparam>
internal sealed class CompressionQueue<T> : IThreadPoolWorkItem
{
    // After so many pieces the thread goes back to the pool's other work.
    private const int Turn = 32;
    private readonly Lock _gate = new();
    private readonly T[] _ring;
    private readonly Action<T> _work;
    private readonly bool _isManual;
    private int _head;
    private int _count;

    // Whether a thread has been asked for that has not yet found the queue empty.
    private bool _isRunning;

    // Whether the piece taken last may not be done yet.
    private bool _isUnderWay;

    /// <summary>An empty queue.</summary>
    /// <param name="capacity">The most pieces that wait.</param>
    /// <param name="work">Does one; what it throws is raised as an unobserved exception.</param>
    /// <param name="isManual">Whether work is done by <see cref="Drain"/> only.</param>
    internal CompressionQueue(int capacity, Action<T> work, bool isManual)
    {
        _ring = new T[capacity];
        _work = work;
        _isManual = isManual;
    }

    /// <summary>How many pieces wait or are under way: at zero all is done.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _count + (_isUnderWay ? 1 : 0);
            }
        }
    }

    /// <summary>Takes a piece in; false if the queue is full.</summary>
    internal bool TryEnqueue(T piece)
    {
        lock (_gate)
        {
            if (_count == _ring.Length)
            {
                return false;
            }

            _ring[(_head + _count++) % _ring.Length] = piece;
            if (_isRunning || _isManual)
            {
                return true;
            }

            _isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    /// <summary>Does what waits, on this thread, and what comes meanwhile.</summary>
    internal void Drain()
    {
        while (TryDequeue(out var piece))
        {
            Do(piece);
        }
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute()
    {
        for (var i = 0; i < Turn; i++)
        {
            if (!TryDequeue(out var piece))
            {
                return;
            }

            Do(piece);
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private bool TryDequeue(out T piece)
    {
        lock (_gate)
        {
            _isUnderWay = _count > 0;
            if (!_isUnderWay)
            {
                // Said under the lock that a new piece is added under: whoever adds one after this asks for a thread.
                _isRunning = false;
                piece = default!;
                return false;
            }

            piece = _ring[_head];
            _ring[_head] = default!;
            _head = (_head + 1) % _ring.Length;
            _count--;
            return true;
        }
    }

    private void Do(T piece)
    {
        try
        {
            _work(piece);
        }
        catch (Exception exception)
        {
            UnobservedFault.Report(exception);
        }
    }
}
