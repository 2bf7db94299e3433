using Polly;

namespace Resilience.Benchmarks;

/// <summary>Our breaker without a pipeline, a permit taken and reported, beside the peer's, which is to be had in a pipeline only.</summary>
/// <typeparam name="TRow">The row's mark; see <see cref="Input{TRow}"/>.</typeparam>
internal sealed class BreakerAlone<TRow>(CircuitBreaker ours, ResiliencePipeline<Reply> peer) : Contest
    where TRow : struct
{
    /// <inheritdoc/>
    public override long Ours(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            if (ours.TryAcquire(out var permit))
            {
                sum += Reply.For(i).Value;
                permit.Success();
            }
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Peer(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            sum += peer.ExecuteAsync(static (input, _) => new ValueTask<Reply>(input.Reply), Input<TRow>.For(i)).GetAwaiter().GetResult().Value;
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Bare(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            sum += Reply.For(i).Value;
        }

        return sum;
    }
}
