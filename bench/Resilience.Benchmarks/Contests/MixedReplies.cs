using Polly;

namespace Resilience.Benchmarks;

/// <summary>
/// Calls that return a reply at once, some of them one that says failure: the pipelines' own classifiers tell them apart, and nothing is
/// thrown.
/// </summary>
/// <typeparam name="TRow">The row's mark; see <see cref="Input{TRow}"/>.</typeparam>
internal sealed class MixedReplies<TRow>(Pipeline<Reply> ours, ResiliencePipeline<Reply> peer, int failsEvery) : Contest
    where TRow : struct
{
    private static readonly Func<Input<TRow>, CancellationToken, ValueTask<Reply>> s_callback =
        static (input, _) => new ValueTask<Reply>(input.Reply);

    /// <inheritdoc/>
    public override long Ours(int calls)
    {
        var sum = 0L;
        var untilFailure = failsEvery;
        for (var i = 0; i < calls; i++)
        {
            sum += ours.ExecuteAsync(s_callback, Input<TRow>.Next(i, ref untilFailure, failsEvery)).GetAwaiter().GetResult().Value;
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
            sum += peer.ExecuteAsync(s_callback, Input<TRow>.Next(i, ref untilFailure, failsEvery)).GetAwaiter().GetResult().Value;
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
            sum += s_callback(Input<TRow>.Next(i, ref untilFailure, failsEvery), CancellationToken.None).GetAwaiter().GetResult().Value;
        }

        return sum;
    }
}
