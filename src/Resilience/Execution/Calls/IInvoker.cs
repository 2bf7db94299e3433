namespace Resilience;

/// <summary>How a delegate is called: with or without a state, with a token or a context.</summary>
/// <typeparam name="TReturn">What the delegate returns.</typeparam>
internal interface IInvoker<out TReturn>
{
    TReturn Invoke(ref CallFrame frame);
}
