using Polly;

namespace Resilience.Benchmarks;

/// <summary>Calls that return a result at once: static callbacks, state handed through, awaited as a value task.</summary>
/// <typeparam name="TRow">The row's mark; see <see cref="Input{TRow}"/>.</typeparam>
internal sealed class HappyCalls<TRow>(Pipeline<Reply> ours, ResiliencePipeline<Reply> peer, CancellationToken token = default) : Contest
    where TRow : struct
{
    private static readonly Func<Input<TRow>, CancellationToken, ValueTask<Reply>> s_callback =
        static (input, _) => new ValueTask<Reply>(input.Reply);

    /// <inheritdoc/>
    public override long Ours(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            sum += ours.ExecuteAsync(s_callback, Input<TRow>.For(i), token).GetAwaiter().GetResult().Value;
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Peer(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            sum += peer.ExecuteAsync(s_callback, Input<TRow>.For(i), token).GetAwaiter().GetResult().Value;
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Bare(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            sum += s_callback(Input<TRow>.For(i), token).GetAwaiter().GetResult().Value;
        }

        return sum;
    }
}
