using System.Runtime.CompilerServices;

namespace Resilience;

/// <content>Forms that return the outcome instead of throwing.</content>
public sealed partial class Pipeline
{
    /// <summary>Calls <paramref name="callback"/> through the pipeline and returns how the call ended.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    public ValueTask<Outcome<TResult>> ExecuteOutcomeAsync<TResult>(
        Func<CancellationToken, ValueTask<TResult>> callback,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new ValueTaskCall<TokenInvoker<ValueTask<TResult>>, TResult>(new(callback));
        return CallRunner.OutcomeAsync<ValueTaskCall<TokenInvoker<ValueTask<TResult>>, TResult>, TResult>(
            _core, ref call, null, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline and returns how the call ended.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    public ValueTask<Outcome<TResult>> ExecuteOutcomeAsync<TResult>(
        Func<CallContext, ValueTask<TResult>> callback,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new ValueTaskCall<ContextInvoker<ValueTask<TResult>>, TResult>(new(callback));
        return CallRunner.OutcomeAsync<ValueTaskCall<ContextInvoker<ValueTask<TResult>>, TResult>, TResult>(
            _core, ref call, context, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline and returns how the call ended.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ValueTask<Outcome<TResult>> ExecuteOutcomeAsync<TResult, TState>(
        Func<TState, CancellationToken, ValueTask<TResult>> callback,
        TState state,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return StraightCall.OutcomeAsync(_core, callback, state, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline and returns how the call ended.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    public ValueTask<Outcome<TResult>> ExecuteOutcomeAsync<TResult, TState>(
        Func<TState, CallContext, ValueTask<TResult>> callback,
        TState state,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new ValueTaskCall<StateContextInvoker<TState, ValueTask<TResult>>, TResult>(new(callback, state));
        return CallRunner.OutcomeAsync<ValueTaskCall<StateContextInvoker<TState, ValueTask<TResult>>, TResult>, TResult>(
            _core, ref call, context, cancellationToken);
    }
}
