namespace Resilience;

internal readonly struct StateContextActionInvoker<TState>(Action<TState, CallContext> callback, TState state) : IInvoker<Unit>
{
    public Unit Invoke(ref CallFrame frame)
    {
        callback(state, frame.Context);
        return default;
    }
}
