using Polly;

namespace Resilience.Benchmarks;

internal static class RetryRows
{
    public static IReadOnlyList<Row> All { get; } =
    [
        new ContestRow("retry.happy", static () => new HappyCalls<Happy>(
            new PipelineBuilder<Reply>().AddRetry(Settings.Retry).Build(),
            new ResiliencePipelineBuilder<Reply>().AddRetry(Settings.PeerRetry).Build()))
        {
            Target = Target.TimesFaster(10),
        },
    ];

    private struct Happy;
}
