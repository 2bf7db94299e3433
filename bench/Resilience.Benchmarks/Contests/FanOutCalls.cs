using System.Diagnostics.CodeAnalysis;
using Resilience.Rpc;

namespace Resilience.Benchmarks;

/// <summary>Every endpoint's answer wanted, beside Task.WhenAll: endpoints that answer at once, or after one hop.</summary>
/// <typeparam name="TRow">The row's mark; see <see cref="Input{TRow}"/>.</typeparam>
[SuppressMessage("Usage", "VSTHRD002", Justification = "A round is measured from a thread that waits for it.")]
internal sealed class FanOutCalls<TRow>(bool hops) : Contest
    where TRow : struct
{
    private const int Endpoints = 3;

    private static readonly Func<int, Input<TRow>, CancellationToken, ValueTask<Reply>> s_atOnce =
        static (_, input, _) => new ValueTask<Reply>(input.Reply);

    private static readonly Func<int, Input<TRow>, CancellationToken, ValueTask<Reply>> s_hopping = static async (_, input, _) =>
    {
        await Task.Yield();
        return input.Reply;
    };

    private readonly FanOut<int, Reply> _fanOut = new(FanOutSets.Of(Endpoints));
    private readonly Func<int, Input<TRow>, CancellationToken, ValueTask<Reply>> _callback = hops ? s_hopping : s_atOnce;

    /// <inheritdoc/>
    public override long Ours(int calls) => hops ? OursAsync(calls).GetAwaiter().GetResult() : OursAtOnce(calls);

    /// <inheritdoc/>
    public override long Peer(int calls) => PeerAsync(calls).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override long Bare(int calls) => hops ? BareAsync(calls).GetAwaiter().GetResult() : BareAtOnce(calls);

    private static long Sum(in FanOutResult<Reply> result)
    {
        var sum = 0L;
        for (var i = 0; i < Endpoints; i++)
        {
            sum += result[i].Value!.Value;
        }

        return sum;
    }

    private long OursAtOnce(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            using var result = _fanOut.ExecuteAsync(_callback, Input<TRow>.For(i)).GetAwaiter().GetResult();
            sum += Sum(result);
        }

        return sum;
    }

    private long BareAtOnce(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            for (var endpoint = 0; endpoint < Endpoints; endpoint++)
            {
                sum += _callback(endpoint, Input<TRow>.For(i), default).GetAwaiter().GetResult().Value;
            }
        }

        return sum;
    }

    private async Task<long> OursAsync(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            using var result = await _fanOut.ExecuteAsync(_callback, Input<TRow>.For(i));
            sum += Sum(result);
        }

        return sum;
    }

    private async Task<long> PeerAsync(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            var input = Input<TRow>.For(i);
            var replies = await Task.WhenAll(
                _callback(0, input, default).AsTask(), _callback(1, input, default).AsTask(), _callback(2, input, default).AsTask());
            sum += replies[0].Value + replies[1].Value + replies[2].Value;
        }

        return sum;
    }

    private async Task<long> BareAsync(int calls)
    {
        var sum = 0L;
        for (var i = 0; i < calls; i++)
        {
            var input = Input<TRow>.For(i);
            var (first, second, third) = (_callback(0, input, default), _callback(1, input, default), _callback(2, input, default));
            sum += (await first).Value + (await second).Value + (await third).Value;
        }

        return sum;
    }
}
