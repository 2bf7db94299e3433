using System.Runtime.CompilerServices;

namespace Resilience;

internal readonly struct StateTokenInvoker<TState, TReturn>(Func<TState, CancellationToken, TReturn> callback, TState state)
    : IInvoker<TReturn>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TReturn Invoke(ref CallFrame frame) => callback(state, frame.CancellationToken);
}
