using Polly;

namespace Resilience.Benchmarks;

/// <summary>Failures are replies, which the pipelines' own classifiers tell.</summary>
/// <inheritdoc cref="FailingFirst{TRow}"/>
internal sealed class ReturnedFailures<TRow>(Pipeline<Reply> ours, ResiliencePipeline<Reply> peer, int failures)
    : FailingFirst<TRow>(ours, peer, failures)
    where TRow : struct
{
    private static readonly Func<Attempts, CancellationToken, ValueTask<Reply>> s_callback =
        static (attempts, _) => new ValueTask<Reply>(attempts.Fails() ? Reply.Failure : attempts.Reply);

    /// <inheritdoc/>
    public override long Ours(int calls)
    {
        var (sum, attempts) = (0L, OurAttempts);
        for (var i = 0; i < calls; i++)
        {
            sum += OurPipeline.ExecuteAsync(s_callback, attempts.For(i)).GetAwaiter().GetResult().Value;
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Peer(int calls)
    {
        var (sum, attempts) = (0L, PeerAttempts);
        for (var i = 0; i < calls; i++)
        {
            sum += PeerPipeline.ExecuteAsync(s_callback, attempts.For(i)).GetAwaiter().GetResult().Value;
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Bare(int calls)
    {
        var (sum, attempts) = (0L, OurAttempts);
        for (var i = 0; i < calls; i++)
        {
            attempts.For(i);
            Reply reply;
            do
            {
                reply = s_callback(attempts, CancellationToken.None).GetAwaiter().GetResult();
            }
            while (reply.IsFailure);
            sum += reply.Value;
        }

        return sum;
    }
}
