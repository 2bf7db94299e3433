using System.Runtime.CompilerServices;

namespace Resilience;

/// <content>Callbacks that return a value task with a result.</content>
public sealed partial class Pipeline
{
    /// <summary>Calls <paramref name="callback"/> through the pipeline.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    public ValueTask<TResult> ExecuteAsync<TResult>(
        Func<CancellationToken, ValueTask<TResult>> callback,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return StraightCall.ThrowingAsync(_core, static (callback, token) => callback(token), callback, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    public ValueTask<TResult> ExecuteAsync<TResult>(
        Func<CallContext, ValueTask<TResult>> callback,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new ValueTaskCall<ContextInvoker<ValueTask<TResult>>, TResult>(new(callback));
        return CallRunner.ThrowingAsync<ValueTaskCall<ContextInvoker<ValueTask<TResult>>, TResult>, TResult>(
            _core, ref call, context, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ValueTask<TResult> ExecuteAsync<TResult, TState>(
        Func<TState, CancellationToken, ValueTask<TResult>> callback,
        TState state,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return StraightCall.ThrowingAsync(_core, callback, state, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    public ValueTask<TResult> ExecuteAsync<TResult, TState>(
        Func<TState, CallContext, ValueTask<TResult>> callback,
        TState state,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new ValueTaskCall<StateContextInvoker<TState, ValueTask<TResult>>, TResult>(new(callback, state));
        return CallRunner.ThrowingAsync<ValueTaskCall<StateContextInvoker<TState, ValueTask<TResult>>, TResult>, TResult>(
            _core, ref call, context, cancellationToken);
    }
}
