namespace Resilience;

/// <content>Synchronous forms that return the outcome instead of throwing.</content>
public sealed partial class Pipeline
{
    /// <summary>Calls <paramref name="callback"/> through the pipeline, blocking on waits, and returns how the call ended.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    public Outcome<TResult> ExecuteOutcome<TResult>(
        Func<CancellationToken, TResult> callback,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousCall<TokenInvoker<TResult>, TResult>(new(callback));
        return CallRunner.Outcome<SynchronousCall<TokenInvoker<TResult>, TResult>, TResult>(_core, ref call, null, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline, blocking on waits, and returns how the call ended.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    public Outcome<TResult> ExecuteOutcome<TResult>(
        Func<CallContext, TResult> callback,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousCall<ContextInvoker<TResult>, TResult>(new(callback));
        return CallRunner.Outcome<SynchronousCall<ContextInvoker<TResult>, TResult>, TResult>(
            _core, ref call, context, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline, blocking on waits, and returns how the call ended.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    public Outcome<TResult> ExecuteOutcome<TResult, TState>(
        Func<TState, CancellationToken, TResult> callback,
        TState state,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousCall<StateTokenInvoker<TState, TResult>, TResult>(new(callback, state));
        return CallRunner.Outcome<SynchronousCall<StateTokenInvoker<TState, TResult>, TResult>, TResult>(
            _core, ref call, null, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline, blocking on waits, and returns how the call ended.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    public Outcome<TResult> ExecuteOutcome<TResult, TState>(
        Func<TState, CallContext, TResult> callback,
        TState state,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousCall<StateContextInvoker<TState, TResult>, TResult>(new(callback, state));
        return CallRunner.Outcome<SynchronousCall<StateContextInvoker<TState, TResult>, TResult>, TResult>(
            _core, ref call, context, cancellationToken);
    }
}
