using Polly;
using Polly.Fallback;

namespace Resilience.Benchmarks;

internal static class FallbackRows
{
    private static readonly Reply s_stale = Reply.For(1);

    public static IReadOnlyList<Row> All { get; } =
    [
        new ContestRow("fallback.not-triggered", static () => new HappyCalls<NotTriggered>(Ours(Fallback.Value(s_stale)), Peer()))
        {
            Target = Target.TimesFaster(6),
            Note = "ours gives a value; the peer has actions only",
        },
        new ContestRow("fallback.not-triggered.factory", static () => new HappyCalls<WithFactory>(
            Ours(Fallback.From<Reply>(static _ => s_stale)), Peer()))
        {
            Note = "a factory on both sides; ours guards the caller's ambient state",
        },
        new ContestRow("fallback.triggered", static () => new MixedReplies<Triggered>(
            new PipelineBuilder<Reply>().AddFallback(Fallback.Value(s_stale)).Classify(Settings.Rules).Build(),
            Peer(static options => options.ShouldHandle = static args => Settings.IsFailure(args.Outcome)),
            failsEvery: 1))
        {
            Note = "each reply is one that a rule tells as a failure",
        },
    ];

    private static Pipeline<Reply> Ours(FallbackAction<Reply> action) => new PipelineBuilder<Reply>().AddFallback(action).Build();

    private static ResiliencePipeline<Reply> Peer(Action<FallbackStrategyOptions<Reply>>? configure = null)
    {
        var options = new FallbackStrategyOptions<Reply>
        {
            FallbackAction = static _ => Polly.Outcome.FromResultAsValueTask(s_stale),
        };
        configure?.Invoke(options);
        return new ResiliencePipelineBuilder<Reply>().AddFallback(options).Build();
    }

    private struct NotTriggered;

    private struct WithFactory;

    private struct Triggered;
}
