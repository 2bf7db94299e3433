using System.Runtime.CompilerServices;

namespace Resilience;

/// <content>Callbacks that return their outcome.</content>
public sealed partial class Pipeline<T>
{
    /// <summary>Calls <paramref name="callback"/>, which returns its outcome so that a failure need not be thrown, and returns how the call ended.</summary>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    [OverloadResolutionPriority(1)]
    public ValueTask<Outcome<T>> ExecuteOutcomeAsync(
        Func<CancellationToken, ValueTask<Outcome<T>>> callback,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return StraightOutcomeCall.RunAsync(_core, static (callback, token) => callback(token), callback, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/>, which returns its outcome so that a failure need not be thrown, and returns how the call ended.</summary>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    [OverloadResolutionPriority(1)]
    public ValueTask<Outcome<T>> ExecuteOutcomeAsync(
        Func<CallContext, ValueTask<Outcome<T>>> callback,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new OutcomeCall<ContextInvoker<ValueTask<Outcome<T>>>, T>(new(callback));
        return CallRunner.OutcomeAsync<OutcomeCall<ContextInvoker<ValueTask<Outcome<T>>>, T>, T>(
            _core, ref call, context, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/>, which returns its outcome so that a failure need not be thrown, and returns how the call ended.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    [OverloadResolutionPriority(1)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ValueTask<Outcome<T>> ExecuteOutcomeAsync<TState>(
        Func<TState, CancellationToken, ValueTask<Outcome<T>>> callback,
        TState state,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return StraightOutcomeCall.RunAsync(_core, callback, state, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/>, which returns its outcome so that a failure need not be thrown, and returns how the call ended.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    [OverloadResolutionPriority(1)]
    public ValueTask<Outcome<T>> ExecuteOutcomeAsync<TState>(
        Func<TState, CallContext, ValueTask<Outcome<T>>> callback,
        TState state,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new OutcomeCall<StateContextInvoker<TState, ValueTask<Outcome<T>>>, T>(new(callback, state));
        return CallRunner.OutcomeAsync<OutcomeCall<StateContextInvoker<TState, ValueTask<Outcome<T>>>, T>, T>(
            _core, ref call, context, cancellationToken);
    }
}
