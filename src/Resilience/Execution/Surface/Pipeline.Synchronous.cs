namespace Resilience;

/// <content>Synchronous callbacks with a result.</content>
public sealed partial class Pipeline
{
    /// <summary>Calls <paramref name="callback"/> through the pipeline, blocking on waits.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    public TResult Execute<TResult>(Func<CancellationToken, TResult> callback, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousCall<TokenInvoker<TResult>, TResult>(new(callback));
        return CallRunner.Outcome<SynchronousCall<TokenInvoker<TResult>, TResult>, TResult>(
            _core, ref call, null, cancellationToken).GetResult();
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline, blocking on waits.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    public TResult Execute<TResult>(
        Func<CallContext, TResult> callback,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousCall<ContextInvoker<TResult>, TResult>(new(callback));
        return CallRunner.Outcome<SynchronousCall<ContextInvoker<TResult>, TResult>, TResult>(
            _core, ref call, context, cancellationToken).GetResult();
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline, blocking on waits.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    public TResult Execute<TResult, TState>(
        Func<TState, CancellationToken, TResult> callback,
        TState state,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousCall<StateTokenInvoker<TState, TResult>, TResult>(new(callback, state));
        return CallRunner.Outcome<SynchronousCall<StateTokenInvoker<TState, TResult>, TResult>, TResult>(
            _core, ref call, null, cancellationToken).GetResult();
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline, blocking on waits.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    public TResult Execute<TResult, TState>(
        Func<TState, CallContext, TResult> callback,
        TState state,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousCall<StateContextInvoker<TState, TResult>, TResult>(new(callback, state));
        return CallRunner.Outcome<SynchronousCall<StateContextInvoker<TState, TResult>, TResult>, TResult>(
            _core, ref call, context, cancellationToken).GetResult();
    }
}
