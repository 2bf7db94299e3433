using Polly;

namespace Resilience.Benchmarks;

internal static class BreakerRows
{
    internal const string CountNote = "our window: the last 1,024 calls; Polly's: 30 s";
    private const int OneInHundred = 100;
    private const int Many = 1_000;
    private const int Keys = 1_000_000;

    private static readonly TimeSpan s_long = TimeSpan.FromDays(1);
    private static readonly CircuitBreakerOptions s_opens = Settings.CountBreaker with { BreakDuration = s_long, MaxBreakDuration = s_long };

    private static readonly CircuitBreakerOptions s_exact = new() { Window = CircuitWindow.Time(TimeSpan.FromSeconds(30), sliceCredit: null) };

    private static readonly ContestRow s_primitive =
        new("breaker.primitive", static () => new BreakerAlone<Primitive>(new CircuitBreaker(Settings.CountBreaker), Peer()))
        {
            Target = Target.TimesFaster(20),
            Note = $"acquire and report beside Polly's pipeline; {CountNote}",
        };

    private static readonly ContestRow s_closed =
        new("breaker.closed", static () => new HappyCalls<Closed>(Ours(Settings.CountBreaker), Peer()))
        {
            Target = Target.TimesFaster(12),
            Note = CountNote,
        };

    public static IReadOnlyList<Row> All { get; } =
    [
        s_primitive,
        new ClaimRow("breaker.primitive.clean", s_primitive) { Target = Target.TimesFaster(40), BytesLimit = 0 },
        s_closed,
        new ClaimRow("breaker.closed.clean", s_closed) { Target = Target.TimesFaster(15), BytesLimit = 0 },
        new ContestRow("breaker.closed.time", static () => new HappyCalls<ClosedTime>(Ours(new CircuitBreakerOptions()), Peer()))
        {
            Target = Target.TimesFaster(15),
            Note = "our default options; both windows: 30 s; good calls beyond a slice's credit are not counted",
        },
        new ContestRow("breaker.closed.time.exact", static () => new HappyCalls<ClosedExact>(Ours(s_exact), Peer()))
        {
            Note = "as breaker.closed.time, every call counted",
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
        new ContestRow("breaker.closed.mixed", static () => MixedCalls<FailingReplies>(Settings.CountBreaker))
        {
            Target = Target.TimesFaster(10),
            Note = $"1 % failures, as replies that a rule tells; {CountNote}",
        },
        new ContestRow("breaker.closed.mixed.time", static () => MixedCalls<FailingRepliesTime>(Settings.TimeBreaker))
        {
            Note = "1 % failures, as replies; both windows: 30 s",
        },
        new ContestRow("breaker.closed.2threads", static () => new HappyCalls<ClosedShared>(Ours(Settings.CountBreaker), Peer()))
        {
            Target = Target.TimesFaster(40),
            Threads = 2,
            Note = CountNote,
        },
        new ContestRow("breaker.time.2threads", static () => new HappyCalls<TimeShared>(Ours(new CircuitBreakerOptions()), Peer()))
        {
            Target = Target.TimesFaster(20),
            Threads = 2,
            Note = "our default options; both windows: 30 s",
        },
        new ContestRow("breaker.mixed.2threads", static () => MixedCalls<MixedShared>(new CircuitBreakerOptions()))
        {
            Target = Target.TimesFaster(8),
            Threads = 2,
            Note = "1 % failures, as replies; our default options; both windows: 30 s",
        },
        new ContestRow("breaker.mixed.2threads.count", static () => MixedCalls<MixedSharedCount>(Settings.CountBreaker))
        {
            Threads = 2,
            Note = $"1 % failures, as replies; {CountNote}",
        },
        new ContestRow("breaker.open.outcome", static () => new RefusedCalls<Open>(Ours(s_opens), Peer(s_long)))
        {
            Target = Target.TimesFaster(10),
            Note = "the refusal returned, not thrown",
        },
        new ContestRow("breaker.open.acquire", static () => new RefusedAcquires<OpenAlone>(new CircuitBreaker(s_opens), Peer(s_long)))
        {
            Target = Target.TimesFaster(20),
            Note = "our breaker alone beside Polly's pipeline, which returns the refusal",
        },
        new ContestRow("breaker.keyed.lookup", static () => new KeyedHits())
        {
            Target = Target.TimesTheCost(2),
            PeerName = "a ConcurrentDictionary hit and a bare breaker",
            Note = "10,000 keys, last 47 calls, all good",
        },
        new ScalingRow("breaker.primitive.scaling", static () => new BreakerAlone<Scaling>(new CircuitBreaker(Settings.CountBreaker), Peer()))
        {
            Target = Target.TimesFaster(0.9),
        },
        Memory("breaker.memory.63", 63),
        Memory("breaker.memory.1024", 1_024),
        Memory("breaker.memory.65536", 65_536),
        new MemoryRow("breaker.memory.time", Many, static () => new CircuitBreaker(Settings.TimeBreaker))
        {
            Note = "a breaker of the default options, 30 s in 10 slices",
        },
        new MemoryRow("breaker.keyed.memory", 1, Keyed)
        {
            Parts = Keys,
            BytesLimit = 100,
            Note = "each of 1,000,000 long keys, key and bucket included",
        },
    ];

    private static Pipeline<Reply> Ours(CircuitBreakerOptions options) => new PipelineBuilder<Reply>().AddCircuitBreaker(options).Build();

    private static ResiliencePipeline<Reply> Peer(TimeSpan? breakDuration = null)
    {
        var options = Settings.PeerBreaker;
        options.BreakDuration = breakDuration ?? options.BreakDuration;
        return new ResiliencePipelineBuilder<Reply>().AddCircuitBreaker(options).Build();
    }

    private static MixedReplies<TRow> MixedCalls<TRow>(CircuitBreakerOptions options)
        where TRow : struct => new(
        new PipelineBuilder<Reply>().AddCircuitBreaker(options).Classify(Settings.Rules).Build(),
        new ResiliencePipelineBuilder<Reply>().AddCircuitBreaker(Settings.PeerClassifyingBreaker()).Build(),
        OneInHundred);

    private static MemoryRow Memory(string name, int calls)
    {
        var options = Settings.CountBreaker with { Window = CircuitWindow.Calls(calls), MinimumCalls = Math.Min(calls, 100) };
        return new MemoryRow(name, Many, () => new CircuitBreaker(options))
        {
            Note = $"a breaker of the last {calls:N0} calls, with its rules",
        };
    }

    private static KeyedCircuitBreakers<long> Keyed()
    {
        var keyed = new KeyedCircuitBreakers<long>(Settings.CountBreaker with { Window = CircuitWindow.Calls(47), MinimumCalls = 20 }, Keys);
        for (var key = 0L; key < Keys; key++)
        {
            keyed.TryAcquire(key, out var permit);
            permit.Success();
        }

        return keyed;
    }

    private struct Primitive;

    private struct Closed;

    private struct ClosedTime;

    private struct ClosedExact;

    private struct Mixed;

    private struct MixedTime;

    private struct FailingReplies;

    private struct FailingRepliesTime;

    private struct ClosedShared;

    private struct TimeShared;

    private struct MixedShared;

    private struct MixedSharedCount;

    private struct Open;

    private struct OpenAlone;

    private struct Scaling;
}
