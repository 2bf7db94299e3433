using Polly;

namespace Resilience.Benchmarks;

/// <summary>Failures are outcomes with an exception: nothing is thrown on either side, and the end is returned as an outcome.</summary>
/// <inheritdoc cref="FailingFirst{TRow}"/>
internal sealed class ExceptionOutcomes<TRow>(Pipeline<Reply> ours, ResiliencePipeline<Reply> peer, int failures)
    : FailingFirst<TRow>(ours, peer, failures)
    where TRow : struct
{
    private static readonly Outcome<Reply> s_ourFailure = Outcome.FromException<Reply>(Failure);
    private static readonly Polly.Outcome<Reply> s_peerFailure = Polly.Outcome.FromException<Reply>(Failure);

    private static readonly Func<Attempts, CancellationToken, ValueTask<Outcome<Reply>>> s_ourCallback =
        static (attempts, _) => new ValueTask<Outcome<Reply>>(attempts.Fails() ? s_ourFailure : Outcome.FromResult(attempts.Reply));

    private static readonly Func<ResilienceContext, Attempts, ValueTask<Polly.Outcome<Reply>>> s_peerCallback =
        static (_, attempts) => new ValueTask<Polly.Outcome<Reply>>(attempts.Fails() ? s_peerFailure : Polly.Outcome.FromResult(attempts.Reply));

    /// <inheritdoc/>
    public override long Ours(int calls)
    {
        var (sum, attempts) = (0L, OurAttempts);
        for (var i = 0; i < calls; i++)
        {
            var outcome = OurPipeline.ExecuteOutcomeAsync(s_ourCallback, attempts.For(i)).GetAwaiter().GetResult();
            sum += outcome.HasResult ? outcome.ResultOrDefault!.Value : -1;
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Peer(int calls)
    {
        var (sum, attempts) = (0L, PeerAttempts);
        for (var i = 0; i < calls; i++)
        {
            var context = ResilienceContextPool.Shared.Get(CancellationToken.None);
            var outcome = PeerPipeline.ExecuteOutcomeAsync(s_peerCallback, context, attempts.For(i)).GetAwaiter().GetResult();
            ResilienceContextPool.Shared.Return(context);
            sum += outcome.Exception is null ? outcome.Result!.Value : -1;
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
            Outcome<Reply> outcome;
            do
            {
                outcome = s_ourCallback(attempts, CancellationToken.None).GetAwaiter().GetResult();
            }
            while (!outcome.HasResult);
            sum += outcome.ResultOrDefault!.Value;
        }

        return sum;
    }
}
