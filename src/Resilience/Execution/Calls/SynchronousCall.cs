using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>A synchronous callback.</summary>
internal struct SynchronousCall<TInvoker, T>(TInvoker invoker) : ICall<T>
    where TInvoker : struct, IInvoker<T>
{
    private TInvoker _invoker = invoker;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Start(ref CallFrame frame, ref T? result)
    {
        result = _invoker.Invoke(ref frame);
        return true;
    }

    public readonly void OnCompleted(Action continuation, bool onCapturedContext) => throw new NotSupportedException();

    public readonly void Finish(ref CallFrame frame, ref T? result) => throw new NotSupportedException();
}
