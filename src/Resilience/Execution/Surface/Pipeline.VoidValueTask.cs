namespace Resilience;

/// <content>Callbacks that return a value task without a result.</content>
public sealed partial class Pipeline
{
    /// <summary>Calls <paramref name="callback"/> through the pipeline.</summary>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    public ValueTask ExecuteAsync(Func<CancellationToken, ValueTask> callback, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new VoidValueTaskCall<TokenInvoker<ValueTask>>(new(callback));
        return CallRunner.VoidAsync(_core, ref call, null, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline.</summary>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    public ValueTask ExecuteAsync(
        Func<CallContext, ValueTask> callback,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new VoidValueTaskCall<ContextInvoker<ValueTask>>(new(callback));
        return CallRunner.VoidAsync(_core, ref call, context, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    public ValueTask ExecuteAsync<TState>(
        Func<TState, CancellationToken, ValueTask> callback,
        TState state,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new VoidValueTaskCall<StateTokenInvoker<TState, ValueTask>>(new(callback, state));
        return CallRunner.VoidAsync(_core, ref call, null, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    public ValueTask ExecuteAsync<TState>(
        Func<TState, CallContext, ValueTask> callback,
        TState state,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new VoidValueTaskCall<StateContextInvoker<TState, ValueTask>>(new(callback, state));
        return CallRunner.VoidAsync(_core, ref call, context, cancellationToken);
    }
}
