namespace Resilience;

internal readonly struct StateActionInvoker<TState>(Action<TState, CancellationToken> callback, TState state) : IInvoker<Unit>
{
    public Unit Invoke(ref CallFrame frame)
    {
        callback(state, frame.CancellationToken);
        return default;
    }
}
