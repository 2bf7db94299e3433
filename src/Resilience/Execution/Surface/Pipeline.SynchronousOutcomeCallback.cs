using System.Runtime.CompilerServices;

namespace Resilience;

/// <content>Synchronous callbacks that return their outcome.</content>
public sealed partial class Pipeline
{
    /// <summary>Calls <paramref name="callback"/>, which returns its outcome, and returns how the call ended.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    [OverloadResolutionPriority(1)]
    public Outcome<TResult> ExecuteOutcome<TResult>(
        Func<CancellationToken, Outcome<TResult>> callback,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousOutcomeCall<TokenInvoker<Outcome<TResult>>, TResult>(new(callback));
        return CallRunner.Outcome<SynchronousOutcomeCall<TokenInvoker<Outcome<TResult>>, TResult>, TResult>(
            _core, ref call, null, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/>, which returns its outcome, and returns how the call ended.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    [OverloadResolutionPriority(1)]
    public Outcome<TResult> ExecuteOutcome<TResult>(
        Func<CallContext, Outcome<TResult>> callback,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousOutcomeCall<ContextInvoker<Outcome<TResult>>, TResult>(new(callback));
        return CallRunner.Outcome<SynchronousOutcomeCall<ContextInvoker<Outcome<TResult>>, TResult>, TResult>(
            _core, ref call, context, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/>, which returns its outcome, and returns how the call ended.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    [OverloadResolutionPriority(1)]
    public Outcome<TResult> ExecuteOutcome<TResult, TState>(
        Func<TState, CancellationToken, Outcome<TResult>> callback,
        TState state,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousOutcomeCall<StateTokenInvoker<TState, Outcome<TResult>>, TResult>(new(callback, state));
        return CallRunner.Outcome<SynchronousOutcomeCall<StateTokenInvoker<TState, Outcome<TResult>>, TResult>, TResult>(
            _core, ref call, null, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/>, which returns its outcome, and returns how the call ended.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>How the call ended; nothing that the callee or a strategy did is thrown.</returns>
    /// <exception cref="InvalidOperationException">A strategy needs an asynchronous call.</exception>
    [OverloadResolutionPriority(1)]
    public Outcome<TResult> ExecuteOutcome<TResult, TState>(
        Func<TState, CallContext, Outcome<TResult>> callback,
        TState state,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new SynchronousOutcomeCall<StateContextInvoker<TState, Outcome<TResult>>, TResult>(new(callback, state));
        return CallRunner.Outcome<SynchronousOutcomeCall<StateContextInvoker<TState, Outcome<TResult>>, TResult>, TResult>(
            _core, ref call, context, cancellationToken);
    }
}
