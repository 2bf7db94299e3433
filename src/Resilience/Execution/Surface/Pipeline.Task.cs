using System.Runtime.CompilerServices;

namespace Resilience;

/// <content>Callbacks that return a task with a result. Async lambdas prefer the value task.</content>
public sealed partial class Pipeline
{
    /// <summary>Calls <paramref name="callback"/> through the pipeline.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    [OverloadResolutionPriority(-1)]
    public ValueTask<TResult> ExecuteAsync<TResult>(
        Func<CancellationToken, Task<TResult>> callback,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new ValueTaskCall<TaskInvoker<TokenInvoker<Task<TResult>>, TResult>, TResult>(new(new(callback)));
        return CallRunner.ThrowingAsync<ValueTaskCall<TaskInvoker<TokenInvoker<Task<TResult>>, TResult>, TResult>, TResult>(
            _core, ref call, null, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    [OverloadResolutionPriority(-1)]
    public ValueTask<TResult> ExecuteAsync<TResult>(
        Func<CallContext, Task<TResult>> callback,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new ValueTaskCall<TaskInvoker<ContextInvoker<Task<TResult>>, TResult>, TResult>(new(new(callback)));
        return CallRunner.ThrowingAsync<ValueTaskCall<TaskInvoker<ContextInvoker<Task<TResult>>, TResult>, TResult>, TResult>(
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
    [OverloadResolutionPriority(-1)]
    public ValueTask<TResult> ExecuteAsync<TResult, TState>(
        Func<TState, CancellationToken, Task<TResult>> callback,
        TState state,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new ValueTaskCall<TaskInvoker<StateTokenInvoker<TState, Task<TResult>>, TResult>, TResult>(new(new(callback, state)));
        return CallRunner.ThrowingAsync<ValueTaskCall<TaskInvoker<StateTokenInvoker<TState, Task<TResult>>, TResult>, TResult>, TResult>(
            _core, ref call, null, cancellationToken);
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
    [OverloadResolutionPriority(-1)]
    public ValueTask<TResult> ExecuteAsync<TResult, TState>(
        Func<TState, CallContext, Task<TResult>> callback,
        TState state,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new ValueTaskCall<TaskInvoker<StateContextInvoker<TState, Task<TResult>>, TResult>, TResult>(new(new(callback, state)));
        return CallRunner.ThrowingAsync<ValueTaskCall<TaskInvoker<StateContextInvoker<TState, Task<TResult>>, TResult>, TResult>, TResult>(
            _core, ref call, context, cancellationToken);
    }
}
