using Polly;
using Polly.CircuitBreaker;

namespace Resilience.Benchmarks;

/// <summary>
/// Calls refused by an open breaker, the refusal returned and not thrown. The peer's outcome carries an exception, which is its only form
/// of a refusal.
/// </summary>
/// <typeparam name="TRow">The row's mark; see <see cref="Input{TRow}"/>.</typeparam>
internal sealed class RefusedCalls<TRow> : Contest
    where TRow : struct
{
    private const int FailuresToOpen = 200;
    private readonly Pipeline<Reply> _ours;
    private readonly ResiliencePipeline<Reply> _peer;

    /// <summary>Opens both breakers by failing calls.</summary>
    /// <param name="ours">Our pipeline, with a breaker that stays open for longer than a run.</param>
    /// <param name="peer">The peer's.</param>
    public RefusedCalls(Pipeline<Reply> ours, ResiliencePipeline<Reply> peer)
    {
        _ours = ours;
        _peer = peer;
        new OutcomeCalls<TRow>(ours, peer, failsEvery: 1).Both(FailuresToOpen);
    }

    /// <inheritdoc/>
    public override long Ours(int calls)
    {
        var refused = 0L;
        for (var i = 0; i < calls; i++)
        {
            var outcome = _ours.ExecuteOutcomeAsync(static (input, _) => new ValueTask<Reply>(input.Reply), Input<TRow>.For(i))
                .GetAwaiter().GetResult();
            refused += outcome.Rejection is { Reason: RejectionReason.CircuitOpen } ? 1 : 0;
        }

        return refused;
    }

    /// <inheritdoc/>
    public override long Peer(int calls)
    {
        var refused = 0L;
        for (var i = 0; i < calls; i++)
        {
            var context = ResilienceContextPool.Shared.Get(CancellationToken.None);
            var outcome = _peer.ExecuteOutcomeAsync(
                static (_, input) => new ValueTask<Polly.Outcome<Reply>>(Polly.Outcome.FromResult(input.Reply)), context, Input<TRow>.For(i))
                .GetAwaiter().GetResult();
            ResilienceContextPool.Shared.Return(context);
            refused += outcome.Exception is BrokenCircuitException ? 1 : 0;
        }

        return refused;
    }

    /// <inheritdoc/>
    public override long Bare(int calls)
    {
        var refused = 0L;
        for (var i = 0; i < calls; i++)
        {
            refused += Input<TRow>.For(i).Fails ? 0 : 1;
        }

        return refused;
    }
}
