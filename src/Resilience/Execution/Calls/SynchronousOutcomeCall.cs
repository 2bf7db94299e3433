using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>A synchronous callback that returns its outcome.</summary>
internal struct SynchronousOutcomeCall<TInvoker, T>(TInvoker invoker) : ICall<T>
    where TInvoker : struct, IInvoker<Outcome<T>>
{
    private TInvoker _invoker = invoker;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Start(ref CallFrame frame, ref T? result)
    {
        frame.Take(_invoker.Invoke(ref frame), ref result);
        return true;
    }

    public readonly void OnCompleted(Action continuation, bool onCapturedContext) => throw new NotSupportedException();

    public readonly void Finish(ref CallFrame frame, ref T? result) => throw new NotSupportedException();
}
