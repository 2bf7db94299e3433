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
        run.Begin(core, deadlineTicks, cancellationToken);
        if (core.TakesAnyValue && !cancellationToken.CanBeCanceled && run.AskAtOnce(endpoints, callback, state))
        {
            return run.FinishedAtOnce();
        }

        run.Keep(endpoints, callback, state);
        return run.GoOn();
    }

    /// <inheritdoc/>
    protected override ValueTask<T> Invoke(int index, CancellationToken cancellationToken) =>
        _callback(_endpoints[index].Target, _state, cancellationToken);

    /// <inheritdoc/>
    protected override void Return(FanOutCore<T> core)
    {
        if (_callback is not null)
        {
            Keep(null!, null!, default!);
        }

        if (!core.TryKeepIdle(this))
        {
            s_pool.Return(this);
        }
    }

    // Asks while every call is over when it returns. Whether the run is over; if not, it goes on as any other.
    private bool AskAtOnce(EndpointSet<TEndpoint> endpoints, Func<TEndpoint, TState, CancellationToken, ValueTask<T>> callback, TState state)
    {
        while (HasNext)
        {
            var index = TakeNext();
            var endpoint = endpoints[index];
            var refused = endpoint.TryEnter(out var permit);
            if (refused != FaultClass.None)
            {
                SettleRefused(index, refused);
                continue;
            }

            ValueTask<T> call;
            try
            {
                call = callback(endpoint.Target, state, Token);
            }
            catch (Exception exception)
            {
                Keep(endpoints, callback, state);
                SettleThrown(index, permit, exception);
                break;
            }

            if (!call.IsCompletedSuccessfully)
            {
                Keep(endpoints, callback, state);
                Proceed(index, permit, call);
                break;
            }

            if (SettleAtOnce(index, endpoint, ref permit, call.Result))
            {
                return true;
            }
        }

        return false;
    }

    private void Keep(EndpointSet<TEndpoint> endpoints, Func<TEndpoint, TState, CancellationToken, ValueTask<T>> callback, TState state) =>
        (_endpoints, _callback, _state) = (endpoints, callback, state);
}
