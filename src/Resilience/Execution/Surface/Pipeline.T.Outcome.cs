using System.Runtime.CompilerServices;

namespace Resilience;

/// <content>Forms that return the outcome instead of throwing.</content>
public sealed partial class Pipeline<T>
{
    /// <summary>Calls <paramref name="callback"/> through the pipeline and returns how the call ended.</summary>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    public ValueTask<Outcome<T>> ExecuteOutcomeAsync(
        Func<CancellationToken, ValueTask<T>> callback,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new ValueTaskCall<TokenInvoker<ValueTask<T>>, T>(new(callback));
        return CallRunner.OutcomeAsync<ValueTaskCall<TokenInvoker<ValueTask<T>>, T>, T>(_core, ref call, null, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline and returns how the call ended.</summary>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    public ValueTask<Outcome<T>> ExecuteOutcomeAsync(
        Func<CallContext, ValueTask<T>> callback,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new ValueTaskCall<ContextInvoker<ValueTask<T>>, T>(new(callback));
        return CallRunner.OutcomeAsync<ValueTaskCall<ContextInvoker<ValueTask<T>>, T>, T>(_core, ref call, context, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline and returns how the call ended.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ValueTask<Outcome<T>> ExecuteOutcomeAsync<TState>(
        Func<TState, CancellationToken, ValueTask<T>> callback,
        TState state,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return StraightCall.OutcomeAsync(_core, callback, state, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline and returns how the call ended.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    public ValueTask<Outcome<T>> ExecuteOutcomeAsync<TState>(
        Func<TState, CallContext, ValueTask<T>> callback,
        TState state,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new ValueTaskCall<StateContextInvoker<TState, ValueTask<T>>, T>(new(callback, state));
        return CallRunner.OutcomeAsync<ValueTaskCall<StateContextInvoker<TState, ValueTask<T>>, T>, T>(
            _core, ref call, context, cancellationToken);
    }
}
