using Polly;

namespace Resilience.Benchmarks;

/// <summary>
/// Calls whose callback returns an outcome, and whose end is returned as one: nothing is thrown on either side, not even the failures. The
/// peer takes a context from its pool for each, as its documentation asks. Failing outcomes are made once, before the clock runs.
/// </summary>
/// <typeparam name="TRow">The row's mark; see <see cref="Input{TRow}"/>.</typeparam>
/// <param name="ours">Our pipeline.</param>
/// <param name="peer">The peer's pipeline.</param>
/// <param name="failsEvery">Each so many calls one fails; zero for none.</param>
internal sealed class OutcomeCalls<TRow>(Pipeline<Reply> ours, ResiliencePipeline<Reply> peer, int failsEvery = 0) : Contest
    where TRow : struct
{
    private static readonly Exception s_exception = new InvalidOperationException("The dependency failed.");
    private static readonly Outcome<Reply> s_ourFailure = Outcome.FromException<Reply>(s_exception);
    private static readonly Polly.Outcome<Reply> s_peerFailure = Polly.Outcome.FromException<Reply>(s_exception);

    private static readonly Func<Input<TRow>, CancellationToken, ValueTask<Outcome<Reply>>> s_ourCallback =
        static (input, _) => new ValueTask<Outcome<Reply>>(input.Fails ? s_ourFailure : Outcome.FromResult(input.Reply));

    private static readonly Func<ResilienceContext, Input<TRow>, ValueTask<Polly.Outcome<Reply>>> s_peerCallback =
        static (_, input) => new ValueTask<Polly.Outcome<Reply>>(input.Fails ? s_peerFailure : Polly.Outcome.FromResult(input.Reply));

    /// <inheritdoc/>
    public override long Ours(int calls)
    {
        var sum = 0L;
        var untilFailure = failsEvery;
        for (var i = 0; i < calls; i++)
        {
            var outcome = ours.ExecuteOutcomeAsync(s_ourCallback, Input<TRow>.Next(i, ref untilFailure, failsEvery)).GetAwaiter().GetResult();
            sum += outcome.HasResult ? outcome.ResultOrDefault!.Value : -1;
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Peer(int calls)
    {
        var sum = 0L;
        var untilFailure = failsEvery;
        for (var i = 0; i < calls; i++)
        {
            var context = ResilienceContextPool.Shared.Get(CancellationToken.None);
            var outcome = peer.ExecuteOutcomeAsync(s_peerCallback, context, Input<TRow>.Next(i, ref untilFailure, failsEvery)).GetAwaiter().GetResult();
            ResilienceContextPool.Shared.Return(context);
            sum += outcome.Exception is null ? outcome.Result!.Value : -1;
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Bare(int calls)
    {
        var sum = 0L;
        var untilFailure = failsEvery;
        for (var i = 0; i < calls; i++)
        {
            var outcome = s_ourCallback(Input<TRow>.Next(i, ref untilFailure, failsEvery), CancellationToken.None).GetAwaiter().GetResult();
            sum += outcome.HasResult ? outcome.ResultOrDefault!.Value : -1;
        }

        return sum;
    }
}
