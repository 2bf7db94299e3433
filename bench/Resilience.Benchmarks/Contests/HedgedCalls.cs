using Polly;
using Resilience.Rpc;

namespace Resilience.Benchmarks;

/// <summary>Calls that could be hedged and need not be: the first attempt answers at once.</summary>
/// <typeparam name="TRow">The row's mark; see <see cref="Input{TRow}"/>.</typeparam>
internal sealed class HedgedCalls<TRow>(FanOut<int, Reply> ours, ResiliencePipeline<Reply> peer) : Contest
    where TRow : struct
{
    private static readonly Func<int, Input<TRow>, CancellationToken, ValueTask<Reply>> s_endpoint =
        static (_, input, _) => new ValueTask<Reply>(input.Reply);

    private static readonly Func<Input<TRow>, CancellationToken, ValueTask<Reply>> s_callback =
        static (input, _) => new ValueTask<Reply>(input.Reply);

    /// <inheritdoc/>
    public override long Ours(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            using var result = ours.ExecuteAsync(s_endpoint, Input<TRow>.For(i)).GetAwaiter().GetResult();
            sum += result.Value.Value;
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Peer(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            sum += peer.ExecuteAsync(s_callback, Input<TRow>.For(i)).GetAwaiter().GetResult().Value;
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Bare(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            sum += s_callback(Input<TRow>.For(i), default).GetAwaiter().GetResult().Value;
        }

        return sum;
    }
}
