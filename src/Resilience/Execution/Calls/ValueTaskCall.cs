using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>A callback that returns <see cref="ValueTask{TResult}"/>.</summary>
internal struct ValueTaskCall<TInvoker, T>(TInvoker invoker) : ICall<T>
    where TInvoker : struct, IInvoker<ValueTask<T>>
{
    // Not readonly: a defensive copy of the struct each call would cost more than the call.
    private TInvoker _invoker = invoker;
    private ValueTask<T> _pending;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Start(ref CallFrame frame, ref T? result)
    {
        var task = _invoker.Invoke(ref frame);
        if (!task.IsCompleted)
        {
            _pending = task;
            return false;
        }

        result = task.GetAwaiter().GetResult();
        return true;
    }

    /// <summary>Takes over what an attempt that was started elsewhere left pending.</summary>
    internal void TakeOver(ValueTask<T> pending) => _pending = pending;

    public void OnCompleted(Action continuation, bool onCapturedContext) =>
        _pending.ConfigureAwait(onCapturedContext).GetAwaiter().UnsafeOnCompleted(continuation);

    public void Finish(ref CallFrame frame, ref T? result)
    {
        var task = _pending;
        _pending = default;
        result = task.GetAwaiter().GetResult();
    }
}
