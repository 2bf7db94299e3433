using System.Runtime.CompilerServices;

namespace Resilience;

/// <content>Callbacks that return a value task with a result.</content>
public sealed partial class Pipeline<T>
{
    /// <summary>Calls <paramref name="callback"/> through the pipeline.</summary>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    public ValueTask<T> ExecuteAsync(
        Func<CancellationToken, ValueTask<T>> callback,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return StraightCall.ThrowingAsync(_core, static (callback, token) => callback(token), callback, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline.</summary>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    public ValueTask<T> ExecuteAsync(
        Func<CallContext, ValueTask<T>> callback,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new ValueTaskCall<ContextInvoker<ValueTask<T>>, T>(new(callback));
        return CallRunner.ThrowingAsync<ValueTaskCall<ContextInvoker<ValueTask<T>>, T>, T>(_core, ref call, context, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ValueTask<T> ExecuteAsync<TState>(
        Func<TState, CancellationToken, ValueTask<T>> callback,
        TState state,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return StraightCall.ThrowingAsync(_core, callback, state, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    public ValueTask<T> ExecuteAsync<TState>(
        Func<TState, CallContext, ValueTask<T>> callback,
        TState state,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new ValueTaskCall<StateContextInvoker<TState, ValueTask<T>>, T>(new(callback, state));
        return CallRunner.ThrowingAsync<ValueTaskCall<StateContextInvoker<TState, ValueTask<T>>, T>, T>(
            _core, ref call, context, cancellationToken);
    }
}
