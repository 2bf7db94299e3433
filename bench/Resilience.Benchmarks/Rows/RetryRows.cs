using Polly;
using Polly.Retry;

namespace Resilience.Benchmarks;

internal static class RetryRows
{
    private const int TwoFailures = 2;
    private static readonly RetryOptions s_immediate = Settings.Retry with { Backoff = Backoff.None };

    public static IReadOnlyList<Row> All { get; } =
    [
        new ContestRow("retry.happy", static () => new HappyCalls<Happy>(
            new PipelineBuilder<Reply>().AddRetry(Settings.Retry).Build(),
            new ResiliencePipelineBuilder<Reply>().AddRetry(Settings.PeerRetry).Build()))
        {
            Target = Target.TimesFaster(10),
        },
        new ContestRow("retry.two-failures.returned", static () => new ReturnedFailures<Returned>(
            Ours().Classify(Settings.Rules).Build(),
            Peer(static retry => retry.ShouldHandle = static args => Settings.IsFailure(args.Outcome)),
            TwoFailures))
        {
            Target = Target.TimesFaster(8),
            Note = "two replies that a rule tells, then a good one; no delay",
        },
        new ContestRow("retry.two-failures.exception", static () => new ExceptionOutcomes<InOutcomes>(Ours().Build(), Peer(), TwoFailures))
        {
            Target = Target.TimesFaster(6),
            Note = "two outcomes with an exception, not thrown, then a good one; no delay",
        },
        new ContestRow("retry.two-failures.thrown", static () => new ThrownFailures<Thrown>(Ours().Build(), Peer(), TwoFailures))
        {
            BytesLimit = null,
            Note = "two exceptions thrown and caught; no delay",
        },
        new ContestRow("retry.happy.budget", static () => new HappyCalls<Budgeted>(
            new PipelineBuilder<Reply>().AddRetry(Settings.Retry with { Budget = new LeakyBucketBudget() }).Build(),
            new ResiliencePipelineBuilder<Reply>().AddRetry(Settings.PeerRetry).Build()))
        {
            Note = "ours with a leaky-bucket budget, which the peer does not have",
        },
    ];

    private static PipelineBuilder<Reply> Ours() => new PipelineBuilder<Reply>().AddRetry(s_immediate);

    private static ResiliencePipeline<Reply> Peer(Action<RetryStrategyOptions<Reply>>? configure = null)
    {
        var retry = Settings.PeerRetry;
        retry.Delay = TimeSpan.Zero;
        retry.BackoffType = DelayBackoffType.Constant;
        retry.UseJitter = false;
        configure?.Invoke(retry);
        return new ResiliencePipelineBuilder<Reply>().AddRetry(retry).Build();
    }

    private struct Happy;

    private struct Returned;

    private struct InOutcomes;

    private struct Thrown;

    private struct Budgeted;
}
