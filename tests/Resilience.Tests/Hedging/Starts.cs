namespace Resilience.Tests.Hedging;

/// <summary>A callback whose every start stays pending until the test ends it or, if it heeds it, its token does.</summary>
internal sealed class Starts<T>(bool heedsTokens = true)
{
    private readonly List<Start<T>> _starts = [];

    public int Count
    {
        get
        {
            lock (_starts)
            {
                return _starts.Count;
            }
        }
    }

    public Start<T> this[int index]
    {
        get
        {
            lock (_starts)
            {
                return _starts[index];
            }
        }
    }

    /// <summary>Runs when a start is made, with its index; what it throws, the callback throws.</summary>
    public Action<int>? OnStart { get; init; }

    public ValueTask<T> Run(CancellationToken token) => Run(token, null);

    public ValueTask<T> Run(CallContext context) => Run(context.CancellationToken, context);

    private ValueTask<T> Run(CancellationToken token, CallContext? context)
    {
        Start<T> start;
        int index;
        lock (_starts)
        {
            start = new Start<T>(token, context);
            index = _starts.Count;
            _starts.Add(start);
        }

        if (heedsTokens)
        {
            start.Heed();
        }

        OnStart?.Invoke(index);
        return start.Task;
    }
}
