using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>Lets a delegate that returns a task stand where one that returns a value task is called.</summary>
internal struct TaskInvoker<TInvoker, T>(TInvoker invoker) : IInvoker<ValueTask<T>>, IInvoker<ValueTask>
    where TInvoker : struct, IInvoker<Task>
{
    private TInvoker _invoker = invoker;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    ValueTask<T> IInvoker<ValueTask<T>>.Invoke(ref CallFrame frame) => new((Task<T>)_invoker.Invoke(ref frame));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    ValueTask IInvoker<ValueTask>.Invoke(ref CallFrame frame) => new(_invoker.Invoke(ref frame));
}
