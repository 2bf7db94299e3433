using Polly;

namespace Resilience.Benchmarks;

internal static class TimeoutRows
{
    public static IReadOnlyList<Row> All { get; } =
    [
        new ContestRow("timeout.happy", static () => new HappyCalls<Happy>(Ours(), Peer()))
        {
            Target = Target.TimesFaster(4),
        },
        new ContestRow("timeout.happy.cancellable", static () => new HappyCalls<Cancellable>(Ours(), Peer(), Settings.CancellableToken))
        {
            Target = Target.TimesFaster(2.5),
            Note = "the caller's token can be cancelled",
        },
        new ArmedRow("timeout.1000-armed", static () => new HappyCalls<Armed>(Ours(), Peer()))
        {
            Target = Target.TimesTheCost(1.1),
            BytesLimit = 0,
        },
    ];

    private static Pipeline<Reply> Ours() => new PipelineBuilder<Reply>().AddTimeout(Settings.AttemptTimeout).Build();

    private static ResiliencePipeline<Reply> Peer() => new ResiliencePipelineBuilder<Reply>().AddTimeout(Settings.AttemptTimeout).Build();

    private struct Happy;

    private struct Cancellable;

    private struct Armed;
}
