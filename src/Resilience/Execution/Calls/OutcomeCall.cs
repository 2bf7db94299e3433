using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>A callback that returns its outcome, so that a failure need not be thrown.</summary>
internal struct OutcomeCall<TInvoker, T>(TInvoker invoker) : ICall<T>
    where TInvoker : struct, IInvoker<ValueTask<Outcome<T>>>
{
    private TInvoker _invoker = invoker;
    private ValueTask<Outcome<T>> _pending;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Start(ref CallFrame frame, ref T? result)
    {
        var task = _invoker.Invoke(ref frame);
        if (!task.IsCompleted)
        {
            _pending = task;
            return false;
        }

        frame.Take(task.GetAwaiter().GetResult(), ref result);
        return true;
    }

    /// <summary>Takes over what an attempt that was started elsewhere left pending.</summary>
    internal void TakeOver(ValueTask<Outcome<T>> pending) => _pending = pending;

    public void OnCompleted(Action continuation, bool onCapturedContext) =>
        _pending.ConfigureAwait(onCapturedContext).GetAwaiter().UnsafeOnCompleted(continuation);

    public void Finish(ref CallFrame frame, ref T? result)
    {
        var task = _pending;
        _pending = default;
        frame.Take(task.GetAwaiter().GetResult(), ref result);
    }
}
