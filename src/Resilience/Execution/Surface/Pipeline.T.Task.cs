using System.Runtime.CompilerServices;

namespace Resilience;

/// <content>Callbacks that return a task with a result. Async lambdas prefer the value task.</content>
public sealed partial class Pipeline<T>
{
    /// <summary>Calls <paramref name="callback"/> through the pipeline.</summary>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    [OverloadResolutionPriority(-1)]
    public ValueTask<T> ExecuteAsync(Func<CancellationToken, Task<T>> callback, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new ValueTaskCall<TaskInvoker<TokenInvoker<Task<T>>, T>, T>(new(new(callback)));
        return CallRunner.ThrowingAsync<ValueTaskCall<TaskInvoker<TokenInvoker<Task<T>>, T>, T>, T>(
            _core, ref call, null, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline.</summary>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    [OverloadResolutionPriority(-1)]
    public ValueTask<T> ExecuteAsync(
        Func<CallContext, Task<T>> callback,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new ValueTaskCall<TaskInvoker<ContextInvoker<Task<T>>, T>, T>(new(new(callback)));
        return CallRunner.ThrowingAsync<ValueTaskCall<TaskInvoker<ContextInvoker<Task<T>>, T>, T>, T>(
            _core, ref call, context, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    [OverloadResolutionPriority(-1)]
    public ValueTask<T> ExecuteAsync<TState>(
        Func<TState, CancellationToken, Task<T>> callback,
        TState state,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new ValueTaskCall<TaskInvoker<StateTokenInvoker<TState, Task<T>>, T>, T>(new(new(callback, state)));
        return CallRunner.ThrowingAsync<ValueTaskCall<TaskInvoker<StateTokenInvoker<TState, Task<T>>, T>, T>, T>(
            _core, ref call, null, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    [OverloadResolutionPriority(-1)]
    public ValueTask<T> ExecuteAsync<TState>(
        Func<TState, CallContext, Task<T>> callback,
        TState state,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new ValueTaskCall<TaskInvoker<StateContextInvoker<TState, Task<T>>, T>, T>(new(new(callback, state)));
        return CallRunner.ThrowingAsync<ValueTaskCall<TaskInvoker<StateContextInvoker<TState, Task<T>>, T>, T>, T>(
            _core, ref call, context, cancellationToken);
    }
}
