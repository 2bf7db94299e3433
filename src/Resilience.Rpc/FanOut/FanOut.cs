namespace Resilience.Rpc;

/// <summary>
/// Asks several endpoints at once and decides as soon as the answer is decided. Losers are cancelled and never waited for. The order of a run:
/// <list type="number">
/// <item>The mode's <see cref="Decision"/> says whom to ask first. Each is asked unless its breaker or its concurrency limit refuses.</item>
/// <item>What an endpoint answers is judged (<see cref="Ruling"/>) and told to the <see cref="Ballot"/>; a fault that allows it is retried at the
/// same endpoint. The decision then says whom else to ask, or that the run is over.</item>
/// <item>An endpoint that is late, and the deadline, are events as well; the library's one timer tells of them.</item>
/// <item>When the run is over the caller has its result, and the rest are cancelled, observed and disposed behind its back.</item>
/// </list>
/// An endpoint's failure never throws.
/// </summary>
/// <remarks>
/// Safe for concurrent use. A run whose endpoints answer at once allocates nothing; one that suspends uses one pooled object, and a new
/// cancellation source when it had to cancel. O(endpoints) an event.
/// </remarks>
/// <typeparam name="TEndpoint">What the callback is given to ask an endpoint.</typeparam>
/// <typeparam name="T">The type of the answers.</typeparam>
public sealed class FanOut<TEndpoint, T>
{
    private readonly FanOutCore<T> _core;

    /// <summary>A fan-out over a set of endpoints.</summary>
    /// <param name="endpoints">The endpoints; other fan-outs may share them.</param>
    /// <param name="options">How it decides, judges answers and waits; null for mode All.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or does not fit the endpoints.</exception>
    public FanOut(EndpointSet<TEndpoint> endpoints, FanOutOptions<T>? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        _core = new FanOutCore<T>(endpoints, options ?? new FanOutOptions<T>());
        Endpoints = endpoints;
    }

    /// <summary>The endpoints.</summary>
    public EndpointSet<TEndpoint> Endpoints { get; }

    /// <summary>How it decides, judges answers and waits.</summary>
    public FanOutOptions<T> Options => _core.Options;

    /// <summary>How many calls go on although their fan-out is over. Cancelled calls that heed their token soon leave; it drains to 0.</summary>
    public int InFlightLosers => _core.InFlightLosers;

    /// <summary>How many calls were not made for being late, because the budget was spent.</summary>
    public long HedgesDenied => _core.Hedges.Denied;

    /// <summary>Asks the endpoints.</summary>
    /// <param name="callback">Asks one. Its token is cancelled when the run is over; a callback that blocks delays the others.</param>
    /// <param name="state">Given to the callback, so that it can be static.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <returns>The result, which must be disposed.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public ValueTask<FanOutResult<T>> ExecuteAsync<TState>(
        Func<TEndpoint, TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return _core.DisputeRetries == 0
            ? FanOutRun<TEndpoint, TState, T>.Start(_core, Endpoints, callback, state, _core.DeadlineTicks, cancellationToken)
            : AskAgainAsync(callback, state, cancellationToken);
    }

    /// <summary>Asks the endpoints.</summary>
    /// <param name="callback">Asks one. Its token is cancelled when the run is over; a callback that blocks delays the others.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>The result, which must be disposed.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public ValueTask<FanOutResult<T>> ExecuteAsync(
        Func<TEndpoint, CancellationToken, ValueTask<T>> callback, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return ExecuteAsync(static (endpoint, state, token) => state(endpoint, token), callback, cancellationToken);
    }

    // The policy that asks again after a dispute: whole runs in turn, within the deadline of the first.
    private async ValueTask<FanOutResult<T>> AskAgainAsync<TState>(
        Func<TEndpoint, TState, CancellationToken, ValueTask<T>> callback, TState state, CancellationToken cancellationToken)
    {
        var clock = Endpoints.Clock;
        var deadline = clock.Fine + _core.DeadlineTicks;
        for (var left = _core.DisputeRetries; ; left--)
        {
            var remaining = Math.Max(1, deadline - clock.Fine);
            var result = await FanOutRun<TEndpoint, TState, T>.Start(_core, Endpoints, callback, state, remaining, cancellationToken).ConfigureAwait(false);
            var delay = Options.Dispute.RetryDelay.Ticks;
            if (result.Status != FanOutStatus.Dispute || left == 0 || clock.Fine + delay >= deadline)
            {
                return result;
            }

            result.Dispose();
            await PendingDelay<Production>.Start(clock.Delays, clock.WordAfter(delay), cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
