using Polly;

namespace Resilience.Benchmarks;

/// <summary>
/// Our open breaker without a pipeline, asked for a permit and refusing it, beside the peer's, whose only refusal is an outcome of its
/// pipeline.
/// </summary>
/// <typeparam name="TRow">The row's mark; see <see cref="Input{TRow}"/>.</typeparam>
internal sealed class RefusedAcquires<TRow> : Contest
    where TRow : struct
{
    private readonly CircuitBreaker _ours;
    private readonly RefusedCalls<TRow> _calls;

    /// <summary>Opens both breakers by failures.</summary>
    /// <param name="ours">A breaker that stays open for longer than a run.</param>
    /// <param name="peer">A pipeline of the peer's breaker that does.</param>
    public RefusedAcquires(CircuitBreaker ours, ResiliencePipeline<Reply> peer)
    {
        _ours = ours;
        _calls = new RefusedCalls<TRow>(new PipelineBuilder<Reply>().AddCircuitBreaker(ours).Build(), peer);
    }

    /// <inheritdoc/>
    public override long Ours(int calls)
    {
        var refused = 0L;
        for (var i = 0; i < calls; i++)
        {
            // The wait is part of the answer: an open breaker has one.
            refused += !_ours.TryAcquire(out var permit) && permit.RetryAfter > TimeSpan.Zero ? 1 : 0;
        }

        return refused;
    }

    /// <inheritdoc/>
    public override long Peer(int calls) => _calls.Peer(calls);

    /// <inheritdoc/>
    public override long Bare(int calls) => _calls.Bare(calls);
}
