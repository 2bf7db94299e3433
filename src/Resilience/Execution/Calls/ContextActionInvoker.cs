namespace Resilience;

internal readonly struct ContextActionInvoker(Action<CallContext> callback) : IInvoker<Unit>
{
    public Unit Invoke(ref CallFrame frame)
    {
        callback(frame.Context);
        return default;
    }
}
