using Polly;

namespace Resilience.Benchmarks;

internal static class PipelineRows
{
    private static readonly Pipeline<Reply> s_empty = new PipelineBuilder<Reply>().Build();

    public static IReadOnlyList<Row> All { get; } =
    [
        new ContestRow("pipeline.empty", static () => new HappyCalls<Empty>(s_empty, ResiliencePipeline<Reply>.Empty))
        {
            Target = Target.TimesFaster(3),
        },
        new ContestRow("pipeline.empty.outcome", static () => new OutcomeCalls<EmptyOutcome>(s_empty, ResiliencePipeline<Reply>.Empty))
        {
            Note = "outcome in, outcome out",
        },
        new ContestRow("pipeline.retry-breaker", static () => new HappyCalls<RetryBreaker>(
            new PipelineBuilder<Reply>().AddRetry(Settings.Retry).AddCircuitBreaker(Settings.CountBreaker).Build(),
            new ResiliencePipelineBuilder<Reply>().AddRetry(Settings.PeerRetry).AddCircuitBreaker(Settings.PeerBreaker).Build()))
        {
            Target = Target.TimesFaster(15),
            Note = BreakerRows.CountNote,
        },
        new ContestRow("pipeline.retry-breaker.time", static () => new HappyCalls<RetryBreakerTime>(
            new PipelineBuilder<Reply>().AddRetry(Settings.Retry).AddCircuitBreaker(Settings.TimeBreaker).Build(),
            new ResiliencePipelineBuilder<Reply>().AddRetry(Settings.PeerRetry).AddCircuitBreaker(Settings.PeerBreaker).Build()))
        {
            Note = "both windows: 30 s",
        },
        new ContestRow("pipeline.standard4", static () => new HappyCalls<Standard>(Settings.Standard().Build(), Settings.PeerStandard()))
        {
            Target = Target.TimesFaster(10),
            Note = "timeout, retry, breaker, timeout",
        },
        new ContestRow("pipeline.standard4.cancellable", static () => new HappyCalls<StandardCancellable>(
            Settings.Standard().Build(), Settings.PeerStandard(), Settings.CancellableToken))
        {
            Target = Target.TimesFaster(7),
            Note = "the caller's token can be cancelled",
        },
        new ContestRow("pipeline.standard4.classified", static () => new HappyCalls<StandardClassified>(
            Settings.Standard().Classify(Settings.Rules).Build(), Settings.PeerClassifyingStandard()))
        {
            Note = "a rule on results, which are all good",
        },
        new ContestRow("pipeline.standard4.outcome", static () => new OutcomeCalls<StandardOutcome>(
            Settings.Standard().Build(), Settings.PeerStandard()))
        {
            Note = "outcome in, outcome out",
        },
        new ContestRow("pipeline.standard4.suspended", static () => new SuspendedCalls<StandardSuspended>(
            Settings.Standard().Build(), Settings.PeerStandard()))
        {
            BytesLimit = 24,
            AboveBare = true,
            HopsThreads = true,
            Note = "the callback yields once; bytes above the bare callback",
        },
    ];

    private struct Empty;

    private struct EmptyOutcome;

    private struct RetryBreaker;

    private struct RetryBreakerTime;

    private struct Standard;

    private struct StandardCancellable;

    private struct StandardClassified;

    private struct StandardOutcome;

    private struct StandardSuspended;
}
