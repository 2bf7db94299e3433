using System.Diagnostics.CodeAnalysis;
using Polly;

namespace Resilience.Benchmarks;

/// <summary>Calls whose callback suspends once and ends on the thread pool.</summary>
/// <typeparam name="TRow">The row's mark; see <see cref="Input{TRow}"/>.</typeparam>
[SuppressMessage("Usage", "VSTHRD002", Justification = "A round is measured from a thread that waits for it.")]
internal sealed class SuspendedCalls<TRow>(Pipeline<Reply> ours, ResiliencePipeline<Reply> peer) : Contest
    where TRow : struct
{
    private static readonly Func<Input<TRow>, CancellationToken, ValueTask<Reply>> s_callback = static async (input, _) =>
    {
        await Task.Yield();
        return input.Reply;
    };

    /// <inheritdoc/>
    public override long Ours(int calls) => OursAsync(calls).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override long Peer(int calls) => PeerAsync(calls).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override long Bare(int calls) => BareAsync(calls).GetAwaiter().GetResult();

    private async Task<long> OursAsync(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            sum += (await ours.ExecuteAsync(s_callback, Input<TRow>.For(i))).Value;
        }

        return sum;
    }

    private async Task<long> PeerAsync(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            sum += (await peer.ExecuteAsync(s_callback, Input<TRow>.For(i))).Value;
        }

        return sum;
    }

    private static async Task<long> BareAsync(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            sum += (await s_callback(Input<TRow>.For(i), CancellationToken.None)).Value;
        }

        return sum;
    }
}
