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
internal sealed class OutcomeCalls<TRow>(Pipeline ours, ResiliencePipeline peer, int failsEvery = 0) : Contest
    where TRow : struct
{
    private const int Failure = -1;
    private static readonly Exception s_exception = new InvalidOperationException("The dependency failed.");
    private static readonly Outcome<int> s_ourFailure = Outcome.FromException<int>(s_exception);
    private static readonly Polly.Outcome<int> s_peerFailure = Polly.Outcome.FromException<int>(s_exception);

    private static readonly Func<Input<TRow>, CancellationToken, ValueTask<Outcome<int>>> s_ourCallback =
        static (input, _) => new ValueTask<Outcome<int>>(input.Value == Failure ? s_ourFailure : Outcome.FromResult(input.Value));

    private static readonly Func<ResilienceContext, Input<TRow>, ValueTask<Polly.Outcome<int>>> s_peerCallback =
        static (_, input) => new ValueTask<Polly.Outcome<int>>(
            input.Value == Failure ? s_peerFailure : Polly.Outcome.FromResult(input.Value));

    /// <inheritdoc/>
    public override long Ours(int calls)
    {
        var sum = 0L;
        var untilFailure = failsEvery;
        for (var i = 0; i < calls; i++)
        {
            var outcome = ours.ExecuteOutcomeAsync(s_ourCallback, Next(i, ref untilFailure)).GetAwaiter().GetResult();
            sum += outcome.HasResult ? outcome.ResultOrDefault : Failure;
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
            var outcome = peer.ExecuteOutcomeAsync(s_peerCallback, context, Next(i, ref untilFailure)).GetAwaiter().GetResult();
            ResilienceContextPool.Shared.Return(context);
            sum += outcome.Exception is null ? outcome.Result : Failure;
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
            var outcome = s_ourCallback(Next(i, ref untilFailure), CancellationToken.None).GetAwaiter().GetResult();
            sum += outcome.HasResult ? outcome.ResultOrDefault : Failure;
        }

        return sum;
    }

    private Input<TRow> Next(int i, ref int untilFailure)
    {
        if (--untilFailure != 0)
        {
            return new Input<TRow>(i);
        }

        untilFailure = failsEvery;
        return new Input<TRow>(Failure);
    }
}
