using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Polly;
using Polly.Hedging;

namespace Resilience.Benchmarks;

/// <summary>How long a call takes whose second attempt, started after 20 ms, ends at once while the first ignores its token for 600 ms.</summary>
[SuppressMessage("Usage", "VSTHRD002", Justification = "A measurement waits for its calls.")]
internal sealed class LoserRow(string name) : Row(name)
{
    private const int Rounds = 5;
    private static readonly TimeSpan s_delay = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(600);
    private static readonly Reply s_second = Reply.For(1);

    /// <inheritdoc/>
    public override RowResult Measure(Control control)
    {
        var ours = new PipelineBuilder<Reply>()
            .AddHedging(Settings.UnboundHedging with { Delay = HedgeDelay.After(s_delay) }, static _ => new ValueTask<Reply>(s_second)).Build();
        var peer = new ResiliencePipelineBuilder<Reply>()
            .AddHedging(new HedgingStrategyOptions<Reply>
            {
                MaxHedgedAttempts = 1,
                Delay = s_delay,
                ActionGenerator = static _ => static () => new ValueTask<Polly.Outcome<Reply>>(Polly.Outcome.FromResult(s_second)),
            })
            .Build();
        var (ourFigure, peerFigure) = (
            Time(() => ours.ExecuteAsync(static (_, _) => StubbornAsync(), 0).AsTask()),
            Time(() => peer.ExecuteAsync(static (_, _) => StubbornAsync(), 0).AsTask()));
        var target = Target.TimesFaster(20);
        return new RowResult
        {
            Name = Name,
            PeerName = "Polly",
            Ours = ourFigure,
            Peer = peerFigure,
            Bare = Time(static () => StubbornAsync().AsTask()),
            OurBytes = 0,
            PeerBytes = 0,
            Ratio = target.RatioOf(ourFigure.Nanoseconds, peerFigure.Nanoseconds),
            Target = target,
            Note = FormattableString.Invariant(
                $"the winner is there after 20 ms: ours returns after {ourFigure.Nanoseconds / 1e6:0.0} ms, the peer after {peerFigure.Nanoseconds / 1e6:0.0} ms"),
        };
    }

    private static async ValueTask<Reply> StubbornAsync()
    {
        await Task.Delay(s_first, CancellationToken.None);
        return s_second;
    }

    private static Figure Time(Func<Task<Reply>> call)
    {
        var samples = new double[Rounds];
        call().GetAwaiter().GetResult();
        for (var i = 0; i < Rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            call().GetAwaiter().GetResult();
            samples[i] = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        }

        Array.Sort(samples);
        return new Figure(samples[Rounds / 2], samples[0], samples[^1], (samples[^2] - samples[1]) / 2 / samples[Rounds / 2], 0, Rounds);
    }
}
