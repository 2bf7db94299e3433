using System.Diagnostics.CodeAnalysis;
using Resilience.Rpc;

namespace Resilience.Benchmarks;

/// <summary>
/// One endpoint answers after a hop and the others lose. Losers heed their token without registering for it, so that no bytes are the
/// callbacks' own; or they ignore it, and end only after the result is there.
/// </summary>
/// <typeparam name="TRow">The row's mark; see <see cref="Input{TRow}"/>.</typeparam>
[SuppressMessage("Usage", "VSTHRD002", Justification = "A round is measured from a thread that waits for it.")]
internal sealed class FanOutRaces<TRow>(int losers, bool heed) : Contest
    where TRow : struct
{
    private static readonly CancellationToken s_cancelled = new(canceled: true);

    private static readonly Func<int, (Input<TRow> Input, TaskCompletionSource? Gate), CancellationToken, ValueTask<Reply>> s_callback =
        static async (endpoint, state, token) =>
        {
            await Task.Yield();
            if (endpoint == 0)
            {
                return state.Input.Reply;
            }

            if (state.Gate is { } gate)
            {
                await gate.Task;
                return state.Input.Reply;
            }

            while (!token.IsCancellationRequested)
            {
                await Task.Yield();
            }

            return state.Input.Reply;
        };

    private readonly FanOut<int, Reply> _fanOut = new(
        FanOutSets.Of(1 + losers), new FanOutOptions<Reply> { Mode = FanOutMode.FirstSuccess, IsAcceptable = static _ => true });

    /// <inheritdoc/>
    public override long Ours(int calls) => OursAsync(calls).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override long Peer(int calls) => Ours(calls);

    /// <inheritdoc/>
    public override long Bare(int calls) => BareAsync(calls).GetAwaiter().GetResult();

    private async Task<long> OursAsync(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            var gate = heed ? null : new TaskCompletionSource();
            using (var result = await _fanOut.ExecuteAsync(s_callback, (Input<TRow>.For(i), gate)))
            {
                sum += result.Value.Value;
            }

            gate?.SetResult();
        }

        return sum;
    }

    private async Task<long> BareAsync(int calls)
    {
        var sum = 0L;
        var callbacks = new ValueTask<Reply>[1 + losers];
        for (var i = 0; i < calls; i++)
        {
            var gate = heed ? null : new TaskCompletionSource();
            for (var endpoint = 0; endpoint < callbacks.Length; endpoint++)
            {
                callbacks[endpoint] = s_callback(endpoint, (Input<TRow>.For(i), gate), s_cancelled);
            }

            sum += (await callbacks[0]).Value;
            gate?.SetResult();
            for (var endpoint = 1; endpoint < callbacks.Length; endpoint++)
            {
                await callbacks[endpoint];
            }
        }

        return sum;
    }
}
