using Polly;

namespace Resilience.Benchmarks;

/// <summary>Calls that return a result at once: static callbacks, state handed through, awaited as a value task.</summary>
/// <typeparam name="TRow">The row's mark; see <see cref="Input{TRow}"/>.</typeparam>
internal sealed class HappyCalls<TRow>(Pipeline ours, ResiliencePipeline peer, CancellationToken token = default) : Contest
    where TRow : struct
{
    private static readonly Func<Input<TRow>, CancellationToken, ValueTask<int>> s_callback =
        static (input, _) => new ValueTask<int>(input.Value);

    /// <inheritdoc/>
    public override long Ours(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            sum += ours.ExecuteAsync(s_callback, new Input<TRow>(i), token).GetAwaiter().GetResult();
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Peer(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            sum += peer.ExecuteAsync(s_callback, new Input<TRow>(i), token).GetAwaiter().GetResult();
        }

        return sum;
    }

    /// <inheritdoc/>
    public override long Bare(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            sum += s_callback(new Input<TRow>(i), token).GetAwaiter().GetResult();
        }

        return sum;
    }
}
