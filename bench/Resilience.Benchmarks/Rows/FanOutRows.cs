using Polly;
using Polly.Hedging;
using Resilience.Rpc;

namespace Resilience.Benchmarks;

internal static class FanOutRows
{
    private const double Millisecond = 1_000_000;
    private static readonly TimeSpan s_hedgeDelay = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<Row> All { get; } =
    [
        new AddedRow("fanout.sync.3", 500, static () => new FanOutCalls<AtOnce>(hops: false))
        {
            BytesLimit = 0,
            Note = "mode All, three endpoints that answer at once, each with breaker, tracker and limit",
        },
        new ContestRow("fanout.async.3", static () => new FanOutCalls<Hopping>(hops: true))
        {
            BytesLimit = 200,
            AboveBare = true,
            HopsThreads = true,
            PeerName = "Task.WhenAll",
            Note = "mode All, three endpoints that hop once; bytes above the bare callbacks",
        },
        new AddedRow("fanout.async.loser", 10 * Millisecond, static () => new FanOutRaces<Heeding>(losers: 1, heed: true))
        {
            BytesLimit = 300,
            HopsThreads = true,
            Note = "FirstSuccess, one loser that is cancelled; bytes above the bare callbacks",
        },
        new AddedRow("fanout.loser-ignores-token", Millisecond, static () => new FanOutRaces<Ignoring>(losers: 1, heed: false))
        {
            BytesLimit = null,
            HopsThreads = true,
            Note = "FirstSuccess, one loser that ends only after the result is there",
        },
        new ContestRow("fanout.hedged", static () => new HedgedCalls<Hedged>(
            new FanOut<int, Reply>(FanOutSets.Of(3), new FanOutOptions<Reply> { Mode = FanOutMode.Hedged }),
            new ResiliencePipelineBuilder<Reply>()
                .AddHedging(new HedgingStrategyOptions<Reply> { MaxHedgedAttempts = 2, Delay = s_hedgeDelay }).Build()))
        {
            Target = Target.TimesFaster(5),
            Note = "the first attempt answers at once",
        },
    ];

    private struct AtOnce;

    private struct Hopping;

    private struct Heeding;

    private struct Ignoring;

    private struct Hedged;
}
