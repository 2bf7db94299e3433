using System.Runtime.CompilerServices;

namespace Resilience;

/// <content>Callbacks that return a task without a result. Async lambdas prefer the value task.</content>
public sealed partial class Pipeline
{
    /// <summary>Calls <paramref name="callback"/> through the pipeline.</summary>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    [OverloadResolutionPriority(-1)]
    public ValueTask ExecuteAsync(Func<CancellationToken, Task> callback, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new VoidValueTaskCall<TaskInvoker<TokenInvoker<Task>, Unit>>(new(new(callback)));
        return CallRunner.VoidAsync(_core, ref call, null, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline.</summary>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="context">The caller's own context, or null to have one made.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    [OverloadResolutionPriority(-1)]
    public ValueTask ExecuteAsync(
        Func<CallContext, Task> callback,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new VoidValueTaskCall<TaskInvoker<ContextInvoker<Task>, Unit>>(new(new(callback)));
        return CallRunner.VoidAsync(_core, ref call, context, cancellationToken);
    }

    /// <summary>Calls <paramref name="callback"/> through the pipeline.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="callback">What to call; started anew for each attempt.</param>
    /// <param name="state">Handed to the callback, so that it need not capture anything.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="RejectedException">A strategy refused the call.</exception>
    /// <exception cref="TimeoutRejectedException">A deadline ended the call.</exception>
    [OverloadResolutionPriority(-1)]
    public ValueTask ExecuteAsync<TState>(
        Func<TState, CancellationToken, Task> callback,
        TState state,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new VoidValueTaskCall<TaskInvoker<StateTokenInvoker<TState, Task>, Unit>>(new(new(callback, state)));
        return CallRunner.VoidAsync(_core, ref call, null, cancellationToken);
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
    public ValueTask ExecuteAsync<TState>(
        Func<TState, CallContext, Task> callback,
        TState state,
        CallContext? context,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var call = new VoidValueTaskCall<TaskInvoker<StateContextInvoker<TState, Task>, Unit>>(new(new(callback, state)));
        return CallRunner.VoidAsync(_core, ref call, context, cancellationToken);
    }
}
