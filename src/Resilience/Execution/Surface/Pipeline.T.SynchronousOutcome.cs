namespace Resilience;

/// <content>Synchronous forms that return the outcome instead of throwing.</content>
public sealed partial class Pipeline<T>
{
    /// <summary>Calls <paramref name="callback"/> through the pipeline, blocking on waits, and returns how the call ended.</summary>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    public Outcome<T> ExecuteOutcome(Func<CancellationToken, T> callback, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousCall<TokenInvoker<T>, T>(new(callback));
        return CallRunner.Outcome<SynchronousCall<TokenInvoker<T>, T>, T>(_core, ref call, null, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline, blocking on waits, and returns how the call ended.</summary>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    public Outcome<T> ExecuteOutcome(
        Func<CallContext, T> callback,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousCall<ContextInvoker<T>, T>(new(callback));
        return CallRunner.Outcome<SynchronousCall<ContextInvoker<T>, T>, T>(_core, ref call, context, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline, blocking on waits, and returns how the call ended.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    public Outcome<T> ExecuteOutcome<TState>(
        Func<TState, CancellationToken, T> callback,
        TState state,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousCall<StateTokenInvoker<TState, T>, T>(new(callback, state));
        return CallRunner.Outcome<SynchronousCall<StateTokenInvoker<TState, T>, T>, T>(_core, ref call, null, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline, blocking on waits, and returns how the call ended.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    public Outcome<T> ExecuteOutcome<TState>(
        Func<TState, CallContext, T> callback,
        TState state,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousCall<StateContextInvoker<TState, T>, T>(new(callback, state));
        return CallRunner.Outcome<SynchronousCall<StateContextInvoker<TState, T>, T>, T>(_core, ref call, context, cancellationToken);
    }
}
