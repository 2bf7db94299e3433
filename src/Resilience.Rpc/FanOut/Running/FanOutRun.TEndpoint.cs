using Microsoft.Extensions.ObjectPool;

namespace Resilience.Rpc;

/// <summary>A run with its callback.</summary>
internal sealed class FanOutRun<TEndpoint, TState, T> : FanOutRun<T>
{
    private static readonly ObjectPool<FanOutRun<TEndpoint, TState, T>> s_pool =
        new DefaultObjectPool<FanOutRun<TEndpoint, TState, T>>(
            new DefaultPooledObjectPolicy<FanOutRun<TEndpoint, TState, T>>(), PoolLimits.Retained);

    private EndpointSet<TEndpoint> _endpoints = null!;
    private Func<TEndpoint, TState, CancellationToken, ValueTask<T>> _callback = null!;
    private TState _state = default!;

    internal static ValueTask<FanOutResult<T>> Start(
        FanOutCore<T> core, EndpointSet<TEndpoint> endpoints, Func<TEndpoint, TState, CancellationToken, ValueTask<T>> callback, TState state,
        long deadlineTicks, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<FanOutResult<T>>(cancellationToken);
        }

        var run = core.TryTakeIdle<FanOutRun<TEndpoint, TState, T>>() ?? s_pool.Get();
        (run._endpoints, run._callback, run._state) = (endpoints, callback, state);
        return run.Run(core, deadlineTicks, cancellationToken);
    }

    /// <inheritdoc/>
    protected override ValueTask<T> Invoke(int index, CancellationToken cancellationToken) =>
        _callback(_endpoints.TargetAt(index), _state, cancellationToken);

    /// <inheritdoc/>
    protected override void Return(FanOutCore<T> core)
    {
        (_endpoints, _callback, _state) = (null!, null!, default!);
        if (!core.TryKeepIdle(this))
        {
            s_pool.Return(this);
        }
    }
}
