namespace Resilience;

internal readonly struct ActionInvoker(Action<CancellationToken> callback) : IInvoker<Unit>
{
    public Unit Invoke(ref CallFrame frame)
    {
        callback(frame.CancellationToken);
        return default;
    }
}
