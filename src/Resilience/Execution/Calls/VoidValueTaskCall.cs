using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>A callback that returns <see cref="ValueTask"/>.</summary>
internal struct VoidValueTaskCall<TInvoker>(TInvoker invoker) : ICall<Unit>
    where TInvoker : struct, IInvoker<ValueTask>
{
    private TInvoker _invoker = invoker;
    private ValueTask _pending;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Start(ref CallFrame frame, ref Unit result)
    {
        var task = _invoker.Invoke(ref frame);
        if (!task.IsCompleted)
        {
            _pending = task;
            return false;
        }

        task.GetAwaiter().GetResult();
        return true;
    }

    public void OnCompleted(Action continuation, bool onCapturedContext) =>
        _pending.ConfigureAwait(onCapturedContext).GetAwaiter().UnsafeOnCompleted(continuation);

    public void Finish(ref CallFrame frame, ref Unit result)
    {
        var task = _pending;
        _pending = default;
        task.GetAwaiter().GetResult();
    }
}
