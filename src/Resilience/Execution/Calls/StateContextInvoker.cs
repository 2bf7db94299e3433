namespace Resilience;

internal readonly struct StateContextInvoker<TState, TReturn>(Func<TState, CallContext, TReturn> callback, TState state)
    : IInvoker<TReturn>
{
    public TReturn Invoke(ref CallFrame frame) => callback(state, frame.Context);
}
