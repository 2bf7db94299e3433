namespace Resilience;

/// <content>Synchronous callbacks without a result.</content>
public sealed partial class Pipeline
{
    /// <summary>Calls <paramref name="callback"/> through the pipeline, blocking on waits.</summary>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    public void Execute(Action<CancellationToken> callback, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousCall<ActionInvoker, Unit>(new(callback));
        CallRunner.Outcome<SynchronousCall<ActionInvoker, Unit>, Unit>(_core, ref call, null, cancellationToken).GetResult();
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline, blocking on waits.</summary>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    public void Execute(Action<CallContext> callback, CallContext? context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousCall<ContextActionInvoker, Unit>(new(callback));
        CallRunner.Outcome<SynchronousCall<ContextActionInvoker, Unit>, Unit>(_core, ref call, context, cancellationToken).GetResult();
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline, blocking on waits.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    public void Execute<TState>(
        Action<TState, CancellationToken> callback,
        TState state,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousCall<StateActionInvoker<TState>, Unit>(new(callback, state));
        CallRunner.Outcome<SynchronousCall<StateActionInvoker<TState>, Unit>, Unit>(_core, ref call, null, cancellationToken).GetResult();
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
    public void Execute<TState>(
        Action<TState, CallContext> callback,
        TState state,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousCall<StateContextActionInvoker<TState>, Unit>(new(callback, state));
        CallRunner.Outcome<SynchronousCall<StateContextActionInvoker<TState>, Unit>, Unit>(
            _core, ref call, context, cancellationToken).GetResult();
    }
}
