using Polly;

namespace Resilience.Benchmarks;

internal static class BreakerRows
{
    internal const string CountNote = "our window: the last 1,024 calls; Polly's: 30 s";
    private const int OneInHundred = 100;

    public static IReadOnlyList<Row> All { get; } =
    [
        new ContestRow("breaker.primitive", static () => new BreakerAlone<Primitive>(new CircuitBreaker(Settings.CountBreaker), Peer()))
        {
            Target = Target.TimesFaster(20),
            Note = $"acquire and report beside Polly's pipeline; {CountNote}",
        },
        new ContestRow("breaker.closed", static () => new HappyCalls<Closed>(Ours(Settings.CountBreaker), Peer()))
        {
            Target = Target.TimesFaster(12),
            Note = CountNote,
        },
        new ContestRow("breaker.closed.time", static () => new HappyCalls<ClosedTime>(Ours(Settings.TimeBreaker), Peer()))
        {
            Note = "both windows: 30 s",
        },
        new ContestRow("breaker.closed.mixed.outcomes", static () => new OutcomeCalls<Mixed>(
            Ours(Settings.CountBreaker), Peer(), OneInHundred))
        {
            Note = $"1 % failures, as outcomes with an exception; {CountNote}",
        },
        new ContestRow("breaker.closed.mixed.outcomes.time", static () => new OutcomeCalls<MixedTime>(
            Ours(Settings.TimeBreaker), Peer(), OneInHundred))
        {
            Note = "1 % failures, as outcomes; both windows: 30 s",
        },
        new ContestRow("breaker.closed.mixed", static () => new MixedReplies<FailingReplies>(
            new PipelineBuilder<Reply>().AddCircuitBreaker(Settings.CountBreaker).Classify(Settings.Rules).Build(),
            new ResiliencePipelineBuilder<Reply>().AddCircuitBreaker(Settings.PeerClassifyingBreaker()).Build(),
            OneInHundred))
        {
            Target = Target.TimesFaster(8),
            Note = $"1 % failures, as replies that a rule tells; {CountNote}",
        },
        new ContestRow("breaker.closed.2threads", static () => new HappyCalls<ClosedShared>(Ours(Settings.CountBreaker), Peer()))
        {
            Target = Target.TimesFaster(20),
            Threads = 2,
            Note = CountNote,
        },
        new ContestRow("breaker.open.outcome", static () => new RefusedCalls<Open>(
            Ours(Settings.CountBreaker with { BreakDuration = TimeSpan.FromDays(1), MaxBreakDuration = TimeSpan.FromDays(1) }),
            Peer(TimeSpan.FromDays(1))))
        {
            Target = Target.TimesFaster(10),
            Note = "the refusal returned, not thrown",
        },
    ];

    private static Pipeline<Reply> Ours(CircuitBreakerOptions options) => new PipelineBuilder<Reply>().AddCircuitBreaker(options).Build();

    private static ResiliencePipeline<Reply> Peer(TimeSpan? breakDuration = null)
    {
        var options = Settings.PeerBreaker;
        options.BreakDuration = breakDuration ?? options.BreakDuration;
        return new ResiliencePipelineBuilder<Reply>().AddCircuitBreaker(options).Build();
    }

    private struct Primitive;

    private struct Closed;

    private struct ClosedTime;

    private struct Mixed;

    private struct MixedTime;

    private struct FailingReplies;

    private struct ClosedShared;

    private struct Open;
}
