namespace Resilience;

/// <content>Synchronous callbacks with a result.</content>
public sealed partial class Pipeline<T>
{
    /// <summary>Calls <paramref name="callback"/> through the pipeline, blocking on waits.</summary>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    public T Execute(Func<CancellationToken, T> callback, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousCall<TokenInvoker<T>, T>(new(callback));
        return CallRunner.Outcome<SynchronousCall<TokenInvoker<T>, T>, T>(_core, ref call, null, cancellationToken).GetResult();
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline, blocking on waits.</summary>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    public T Execute(Func<CallContext, T> callback, CallContext? context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousCall<ContextInvoker<T>, T>(new(callback));
        return CallRunner.Outcome<SynchronousCall<ContextInvoker<T>, T>, T>(_core, ref call, context, cancellationToken).GetResult();
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline, blocking on waits.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    public T Execute<TState>(
        Func<TState, CancellationToken, T> callback,
        TState state,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousCall<StateTokenInvoker<TState, T>, T>(new(callback, state));
        return CallRunner.Outcome<SynchronousCall<StateTokenInvoker<TState, T>, T>, T>(
            _core, ref call, null, cancellationToken).GetResult();
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline, blocking on waits.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    public T Execute<TState>(
        Func<TState, CallContext, T> callback,
        TState state,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousCall<StateContextInvoker<TState, T>, T>(new(callback, state));
        return CallRunner.Outcome<SynchronousCall<StateContextInvoker<TState, T>, T>, T>(
            _core, ref call, context, cancellationToken).GetResult();
    }
}
