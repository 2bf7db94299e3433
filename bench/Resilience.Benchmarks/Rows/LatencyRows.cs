namespace Resilience.Benchmarks;

internal static class LatencyRows
{
    private const string Add = "interlocked add";
    private const double MostBytes = 128 * 1024;

    public static IReadOnlyList<Row> All { get; } =
    [
        new ContestRow("latency.record.shared", static () => new RecordedDurations<Shared>(Tracker(ownedStripes: 0)))
        {
            PeerName = Add,
            Target = Target.TimesTheCost(1.5),
            Note = "the time given, on the stripe that threads share",
        },
        new ContestRow("latency.record.owned", static () => new RecordedDurations<Owned>(Tracker(ownedStripes: 2)))
        {
            PeerName = Add,
            Target = Target.TimesTheCost(0.8),
            Note = "the time given, on the thread's own stripe",
        },
        new ContestRow("latency.record.own-clock", static () => new RecordedDurations<OwnClock>(Tracker(ownedStripes: 2), readsClock: true))
        {
            PeerName = Add,
            Note = "reads the clock itself",
        },
        new ScalingRow("latency.record.2threads", static () => new RecordedDurations<TwoThreads>(Tracker(ownedStripes: 2)))
        {
            Target = Target.TimesFaster(0.8),
        },
        new ContestRow("latency.query.5", static () => new AskedQuantiles<Query>())
        {
            PeerName = Add,
            Target = Target.TimesTheCost(100),
            Note = "five quantiles of a minute with 1,000,000 records, one stripe",
        },
        new ContestRow("latency.window.vs-sort", static () => new SortedSamples<Sorted>())
        {
            PeerName = "a ring, sorted",
            Target = Target.TimesFaster(100),
            Note = $"five quantiles of {SortedSamples<Sorted>.Samples:#,0} durations",
        },
        new MemoryRow("latency.window.bytes", 100, static () => Tracker(ownedStripes: 0))
        {
            BytesLimit = MostBytes,
            Note = "twelve slices and the shared stripe; 9,012 more for each thread that owns one",
        },
    ];

    private static PercentileTracker Tracker(int ownedStripes) => new(new PercentileTrackerOptions { OwnedStripes = ownedStripes });

    private struct Shared;

    private struct Owned;

    private struct OwnClock;

    private struct TwoThreads;

    private struct Query;

    private struct Sorted;
}
