using System.Runtime.CompilerServices;

namespace Resilience;

/// <content>Callbacks that return their outcome.</content>
public sealed partial class Pipeline
{
    /// <summary>Calls <paramref name="callback"/>, which returns its outcome so that a failure need not be thrown, and returns how the call ended.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    [OverloadResolutionPriority(1)]
    public ValueTask<Outcome<TResult>> ExecuteOutcomeAsync<TResult>(
        Func<CancellationToken, ValueTask<Outcome<TResult>>> callback,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return StraightOutcomeCall.RunAsync(_core, static (callback, token) => callback(token), callback, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/>, which returns its outcome so that a failure need not be thrown, and returns how the call ended.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    [OverloadResolutionPriority(1)]
    public ValueTask<Outcome<TResult>> ExecuteOutcomeAsync<TResult>(
        Func<CallContext, ValueTask<Outcome<TResult>>> callback,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new OutcomeCall<ContextInvoker<ValueTask<Outcome<TResult>>>, TResult>(new(callback));
        return CallRunner.OutcomeAsync<OutcomeCall<ContextInvoker<ValueTask<Outcome<TResult>>>, TResult>, TResult>(
            _core, ref call, context, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/>, which returns its outcome so that a failure need not be thrown, and returns how the call ended.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    [OverloadResolutionPriority(1)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ValueTask<Outcome<TResult>> ExecuteOutcomeAsync<TResult, TState>(
        Func<TState, CancellationToken, ValueTask<Outcome<TResult>>> callback,
        TState state,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return StraightOutcomeCall.RunAsync(_core, callback, state, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/>, which returns its outcome so that a failure need not be thrown, and returns how the call ended.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    [OverloadResolutionPriority(1)]
    public ValueTask<Outcome<TResult>> ExecuteOutcomeAsync<TResult, TState>(
        Func<TState, CallContext, ValueTask<Outcome<TResult>>> callback,
        TState state,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new OutcomeCall<StateContextInvoker<TState, ValueTask<Outcome<TResult>>>, TResult>(new(callback, state));
        return CallRunner.OutcomeAsync<OutcomeCall<StateContextInvoker<TState, ValueTask<Outcome<TResult>>>, TResult>, TResult>(
            _core, ref call, context, cancellationToken);
    }
}
