using System.Threading.Tasks.Sources;

namespace Resilience.Tests.Hedging;

/// <summary>One start of a callback, ended by hand on the thread that ends it.</summary>
internal sealed class Start<T>(CancellationToken token, CallContext? context) : IValueTaskSource<T>
{
    private ManualResetValueTaskSourceCore<T> _core;
    private CancellationTokenRegistration _registration;
    private int _isOver;

    public CancellationToken Token => token;

    public CallContext Context => context!;

    /// <summary>The number of the attempt as it was started: its context ends with it.</summary>
    public int Number { get; } = context?.Attempt ?? -1;

    public ValueTask<T> Task => new(this, _core.Version);

    public bool IsOver => Volatile.Read(ref _isOver) != 0;

    public bool WasCancelled { get; private set; }

    public void Heed() => _registration = token.UnsafeRegister(
        (_, cancelled) =>
        {
            WasCancelled = true;
            Fail(new OperationCanceledException(cancelled));
        },
        null);

    public void Return(T result)
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            _registration.Unregister();
            _core.SetResult(result);
        }
    }

    public void Fail(Exception exception)
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            _registration.Unregister();
            _core.SetException(exception);
        }
    }

    T IValueTaskSource<T>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
