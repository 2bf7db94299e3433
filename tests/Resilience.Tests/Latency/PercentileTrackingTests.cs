using Resilience.Testing;
using Resilience.Tests.Timeouts;

namespace Resilience.Tests.Latency;

/// <summary>The tracker as a strategy: what it records of calls, and what it costs them.</summary>
public sealed class PercentileTrackingTests : FreshStack
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private readonly ManualClock _clock = new();
    private readonly Callee _callee = new();
    private readonly PercentileTracker _tracker;

    public PercentileTrackingTests() => _tracker = Make(_clock);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(2_500)]
    [InlineData(70_000_000)]
    public async Task WhenACallEndsWell_ItsTimeIsRecorded(long ticks)
    {
        var pipeline = Pipeline(b => b.AddPercentileTracker(_tracker));
        var call = pipeline.ExecuteAsync(_callee.Start, Stop);
        _clock.Advance(new TimeSpan(ticks));
        _callee.Return(1);
        await call;
        AssertRecorded(new TimeSpan(ticks));
    }

    [Fact]
    public async Task WhenInsideARetry_EachAttemptIsRecorded_AndTheWaitsBetweenAreNot()
    {
        var pipeline = Pipeline(b => b
            .AddRetry(new RetryOptions { MaxRetries = 2, Backoff = Backoff.Constant(TimeSpan.FromSeconds(20)) })
            .AddPercentileTracker(new PercentileTrackingOptions { Tracker = _tracker, RecordFailures = true }));
        var call = pipeline.ExecuteAsync(_callee.Start, Stop);
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            _clock.Advance(s_second * attempt);
            _callee.Fail(new IOException());
            _clock.Advance(TimeSpan.FromSeconds(20));
        }

        _clock.Advance(s_second * 3);
        _callee.Return(1);
        await call;
        AssertRecorded(s_second, s_second * 2, s_second * 3);
    }

    [Fact]
    public async Task WhenADeadlineEndsACall_TheTimeUntilThenIsRecorded_WhereverTheTimeoutStands()
    {
        foreach (var pipeline in new[]
        {
            Pipeline(b => b.AddTimeout(s_second).AddPercentileTracker(_tracker)),
            Pipeline(b => b.AddPercentileTracker(_tracker).AddTimeout(s_second * 2)),
        })
        {
            var call = pipeline.ExecuteOutcomeAsync(new Callee().Start, Stop);
            _clock.Advance(s_second * 2);
            Assert.IsType<TimeoutRejectedException>((await call).Exception);
        }

        AssertRecorded(s_second, s_second * 2);
    }

    [Fact]
    public async Task WhenACallFails_ItsTimeIsRecordedOnlyOnRequest()
    {
        var other = Make(_clock);
        var pipeline = Pipeline(b => b
            .AddPercentileTracker(_tracker)
            .AddPercentileTracker(new PercentileTrackingOptions { Tracker = other, RecordFailures = true, Name = "failures too" }));
        await pipeline.ExecuteOutcomeAsync(static _ => throw new IOException(), Stop);
        AssertRecorded();
        AssertRecorded(other, TimeSpan.Zero);
    }

    [Fact]
    public async Task WhenACallIsRefusedOrCancelledByItsCaller_NothingIsRecorded()
    {
        var breaker = new CircuitBreaker(new CircuitBreakerOptions(), _clock);
        breaker.Isolate();
        var refusing = Pipeline(b => b
            .AddPercentileTracker(new PercentileTrackingOptions { Tracker = _tracker, RecordFailures = true })
            .AddCircuitBreaker(breaker));
        Assert.NotNull((await refusing.ExecuteOutcomeAsync(_callee.Start, Stop)).Rejection);

        using var caller = new CancellationTokenSource();
        var call = Pipeline(b => b.AddPercentileTracker(new PercentileTrackingOptions { Tracker = _tracker, RecordFailures = true }))
            .ExecuteOutcomeAsync(_callee.Start, caller.Token);
        _clock.Advance(s_second);
        caller.Cancel();
        Assert.IsType<OperationCanceledException>((await call).Exception);
        AssertRecorded();
    }

    [Fact]
    public void WhenTheCallIsSynchronous_ItsTimeIsRecorded()
    {
        Pipeline(b => b.AddPercentileTracker(_tracker)).Execute(
            _ =>
            {
                _clock.Advance(s_second);
                return 1;
            },
            Stop);
        AssertRecorded(s_second);
    }

    [Theory]
    [InlineData(1_000, 0)]
    [InlineData(1_000, 5_000_000_000)]
    [InlineData(10_000_000, -77)]
    [InlineData(1_000_000_000, 1_000_000_000_000)]
    public void WhenTheProviderCountsFromAnywhereInAnyUnit_SlicesTurnAllTheSame(long frequency, long start)
    {
        var clock = new CountingProvider(frequency, start);
        var tracker = Make(clock);
        var pipeline = new PipelineBuilder<int> { TimeProvider = clock }.AddPercentileTracker(tracker).Build();
        for (var second = 0; second < 200; second++)
        {
            pipeline.Execute(static _ => 1, Stop);
            clock.Now += frequency;
        }

        // Nobody read meanwhile. A minute in twelve slices holds the last 55 to 60 seconds.
        var reading = tracker.GetPercentiles([0.5], new TimeSpan[1]);
        Assert.InRange(reading.Count, 55, 60);
        Assert.InRange(reading.Covered, TimeSpan.FromSeconds(55), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void WhenTheTrackerHasAnotherTimeProvider_TheBuilderRefusesItByName()
    {
        var builder = new PipelineBuilder().AddPercentileTracker(_tracker, "of another time");
        Assert.Contains("'of another time'", Assert.Throws<InvalidOperationException>(builder.Build).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhenAnOptionIsMissing_ItIsNamed()
    {
        var builder = new PipelineBuilder();
        Assert.Equal("Tracker", Assert.Throws<ArgumentNullException>(() => builder.AddPercentileTracker((PercentileTracker)null!)).ParamName);
        Assert.Equal("options", Assert.Throws<ArgumentNullException>(() => builder.AddPercentileTracker((PercentileTrackingOptions)null!)).ParamName);
        Assert.Equal("Name", Assert.Throws<ArgumentException>(() => builder.AddPercentileTracker(_tracker, "")).ParamName);
        Assert.Throws<ArgumentNullException>(() => ((PipelineBuilder)null!).AddPercentileTracker(_tracker));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhenACallCompletesAtOnce_NothingIsAllocated(bool system)
    {
        var time = system ? TimeProvider.System : _clock;
        var pipeline = new PipelineBuilder<int> { TimeProvider = time }.AddTimeout(s_second).AddPercentileTracker(Make(time)).Build();
        Allocations.AssertNone(_ => pipeline.ExecuteAsync(static _ => new ValueTask<int>(1)).GetAwaiter().GetResult());
    }

    private static PercentileTracker Make(TimeProvider time) => new(new PercentileTrackerOptions { TimeProvider = time });

    private static void AssertRecorded(PercentileTracker tracker, params TimeSpan[] durations)
    {
        var values = new TimeSpan[durations.Length];
        var quantiles = durations.Select((_, i) => (i + 0.5) / durations.Length).ToArray();
        Assert.Equal(durations.Length, tracker.GetPercentiles(quantiles, values).Count);
        Assert.All(values.Zip(durations), pair => Assert.InRange((pair.First - pair.Second).Duration(), TimeSpan.Zero, pair.Second * 0.0079));
    }

    private void AssertRecorded(params TimeSpan[] durations) => AssertRecorded(_tracker, durations);

    private Pipeline<int> Pipeline(Action<PipelineBuilder<int>> build)
    {
        var builder = new PipelineBuilder<int> { TimeProvider = _clock };
        build(builder);
        return builder.Build();
    }

    private sealed class CountingProvider(long frequency, long start) : TimeProvider
    {
        public long Now { get; set; } = start;

        public override long TimestampFrequency => frequency;

        public override long GetTimestamp() => Now;
    }
}
