using System.Diagnostics.CodeAnalysis;
using Polly;
using Polly.Hedging;

namespace Resilience.Benchmarks;

/// <summary>
/// Calls whose first attempt waits until it is cancelled and whose second, started beside it without a delay, yields once. The first ends
/// with a result, so that neither side pays for a thrown exception.
/// </summary>
/// <typeparam name="TRow">The row's mark; see <see cref="Input{TRow}"/>.</typeparam>
[SuppressMessage("Usage", "VSTHRD002", Justification = "A round is measured from a thread that waits for it.")]
internal sealed class RacedCalls<TRow> : Contest
    where TRow : struct
{
    private static readonly Reply s_second = Reply.For(1);

    private static readonly Func<Input<TRow>, CancellationToken, ValueTask<Reply>> s_first = static async (input, token) =>
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return input.Reply;
    };

    private readonly Pipeline<Reply> _ours = new PipelineBuilder<Reply>()
        .AddHedging(
            Settings.UnboundHedging with { Delay = HedgeDelay.Parallel },
            static async _ =>
            {
                await Task.Yield();
                return s_second;
            })
        .Build();

    private readonly ResiliencePipeline<Reply> _peer = new ResiliencePipelineBuilder<Reply>()
        .AddHedging(new HedgingStrategyOptions<Reply>
        {
            MaxHedgedAttempts = 1,
            Delay = TimeSpan.Zero,
            ShouldHandle = static arguments => new ValueTask<bool>(arguments.Outcome.Exception is not null),
            ActionGenerator = static _ => static async () =>
            {
                await Task.Yield();
                return Polly.Outcome.FromResult(s_second);
            },
        })
        .Build();

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
            sum += (await _ours.ExecuteAsync(s_first, Input<TRow>.For(i))).Value;
        }

        return sum;
    }

    private async Task<long> PeerAsync(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            sum += (await _peer.ExecuteAsync(s_first, Input<TRow>.For(i))).Value;
        }

        return sum;
    }

    // By hand: both started, the first cancelled when the second has ended.
    private static async Task<long> BareAsync(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            using var loser = new CancellationTokenSource();
            var first = s_first(Input<TRow>.For(i), loser.Token);
            await Task.Yield();
            sum += s_second.Value;
            loser.Cancel();
            await first;
        }

        return sum;
    }
}
