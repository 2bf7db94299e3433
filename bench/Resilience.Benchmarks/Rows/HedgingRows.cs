using Polly;

namespace Resilience.Benchmarks;

internal static class HedgingRows
{
    public static IReadOnlyList<Row> All { get; } =
    [
        new ContestRow("hedging.primary-wins", static () => new HappyCalls<PrimaryWins>(
            new PipelineBuilder<Reply>().AddHedging(Settings.Hedging).Build(),
            new ResiliencePipelineBuilder<Reply>().AddHedging(Settings.PeerHedging).Build()))
        {
            Target = Target.TimesFaster(8),
            BytesLimit = 0,
            Note = "the first attempt ends at once",
        },
        new ContestRow("hedging.primary-wins.suspended", static () => new SuspendedCalls<PrimaryWinsSuspended>(
            new PipelineBuilder<Reply>().AddHedging(Settings.Hedging).Build(),
            new ResiliencePipelineBuilder<Reply>().AddHedging(Settings.PeerHedging).Build()))
        {
            Target = Target.TimesFaster(4),
            BytesLimit = 64,
            AboveBare = true,
            HopsThreads = true,
            Note = "the first attempt yields once; bytes above the bare callback",
        },
        new ContestRow("hedging.secondary-wins", static () => new RacedCalls<SecondaryWins>())
        {
            Target = Target.TimesFaster(3),
            BytesLimit = null,
            OwesFewerBytes = true,
            HopsThreads = true,
            Note = "both start together, the first waits for its cancellation, the second yields once",
        },
        new LoserRow("hedging.loser-ignores-token"),
    ];

    private struct PrimaryWins;

    private struct PrimaryWinsSuspended;

    private struct SecondaryWins;
}
