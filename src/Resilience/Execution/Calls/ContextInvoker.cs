namespace Resilience;

internal readonly struct ContextInvoker<TReturn>(Func<CallContext, TReturn> callback) : IInvoker<TReturn>
{
    public TReturn Invoke(ref CallFrame frame) => callback(frame.Context);
}
