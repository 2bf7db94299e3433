using Polly;

namespace Resilience.Benchmarks;

/// <summary>Failures are thrown by the callback: one exception object, so that what is compared is the throwing and the catching.</summary>
/// <inheritdoc cref="FailingFirst{TRow}"/>
internal sealed class ThrownFailures<TRow>(Pipeline<Reply> ours, ResiliencePipeline<Reply> peer, int failures)
    : FailingFirst<TRow>(ours, peer, failures)
    where TRow : struct
{
    private static readonly Func<Attempts, CancellationToken, ValueTask<Reply>> s_callback =
        static (attempts, _) => attempts.Fails() ? throw Failure : new ValueTask<Reply>(attempts.Reply);

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
            sum += Attempted(attempts.For(i)).Value;
        }

        return sum;
    }

    private static Reply Attempted(Attempts attempts)
    {
        while (true)
        {
            try
            {
                return s_callback(attempts, CancellationToken.None).GetAwaiter().GetResult();
            }
            catch (InvalidOperationException)
            {
                // The loop is the retry.
            }
        }
    }
}
