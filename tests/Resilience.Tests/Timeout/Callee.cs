using System.Threading.Tasks.Sources;

namespace Resilience.Tests.Timeouts;

/// <summary>
/// A callback that stays pending until the test ends it, or its token does. It completes on the thread that ends it, so that after a step
/// of the manual clock all that follows has happened.
/// </summary>
internal sealed class Callee(bool heedsToken = true) : IValueTaskSource<int>, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<int> _core;
    private CancellationTokenRegistration _registration;

    public int Starts { get; private set; }

    public CancellationToken Token { get; private set; }

    public ValueTask<int> Start(CancellationToken token)
    {
        Starts++;
        Token = token;
        _core.Reset();
        var task = new ValueTask<int>(this, _core.Version);
        if (heedsToken)
        {
            _registration = token.UnsafeRegister((_, cancelled) => Fail(new OperationCanceledException(cancelled)), null);
        }

        return task;
    }

    public ValueTask<int> Start(CallContext context) => Start(context.CancellationToken);

    /// <summary>The same as a hook's wait.</summary>
    public ValueTask Wait(CancellationToken token)
    {
        Start(token);
        return new ValueTask(this, _core.Version);
    }

    public void Return(int result)
    {
        _registration.Unregister();
        _core.SetResult(result);
    }

    public void Fail(Exception exception)
    {
        _registration.Unregister();
        _core.SetException(exception);
    }

    int IValueTaskSource<int>.GetResult(short token) => _core.GetResult(token);

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
