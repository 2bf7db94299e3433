using Resilience.Testing;

namespace Resilience.Tests.Timeouts;

/// <summary>Timeouts that follow a tracker.</summary>
public sealed class AdaptiveTimeoutTests : FreshStack
{
    private static readonly TimeSpan s_millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private readonly ManualClock _clock = new();
    private readonly PercentileTracker _tracker;

    public AdaptiveTimeoutTests() => _tracker = new PercentileTracker(new PercentileTrackerOptions { TimeProvider = _clock });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private AdaptiveTimeout Following => new()
    {
        Tracker = _tracker,
        Quantile = 0.9,
        Multiple = 3,
        Least = TimeSpan.FromMilliseconds(30),
        Most = TimeSpan.FromSeconds(2),
        MinimumRecords = 20,
    };

    [Fact]
    public async Task WhenLatencyShifts_TheTimeoutFollows_UpAndDownAgain()
    {
        var pipeline = Build(Following);
        await Calls(pipeline, 100, s_millisecond * 50);
        AssertTimeout(pipeline, s_millisecond * 150);

        // Slower than the timeout: calls time out, are recorded with the time until then, and the timeout grows until it lets them through.
        await Calls(pipeline, 400, s_millisecond * 400);
        AssertTimeout(pipeline, s_millisecond * 1_200);
        var slow = new Callee();
        var call = pipeline.ExecuteAsync(slow.Start, Stop);
        _clock.Advance(s_millisecond * 400);
        slow.Return(7);
        Assert.Equal(7, await call);

        // Fast again: when the slow ones have left the window, the timeout is down.
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Calls(pipeline, 100, s_millisecond * 20);
        AssertTimeout(pipeline, s_millisecond * 60);
    }

    [Theory]
    [InlineData(1, 30)]
    [InlineData(5_000, 2_000)]
    public void WhenTheMultipleIsBeyondABound_TheBoundIsTheTimeout(int latency, int timeout)
    {
        var pipeline = Build(Following);
        Record(20, s_millisecond * latency);
        AssertTimeout(pipeline, s_millisecond * timeout);
    }

    [Fact]
    public void WhenATrackerOfTheUsersSaysForEverOrLessThanNothing_TheBoundsHold()
    {
        AssertTimeout(Build(Following with { Tracker = new Counting { Answer = TimeSpan.MaxValue } }), Following.Most);
        AssertTimeout(Build(Following with { Tracker = new Counting { Answer = TimeSpan.MinValue } }), Following.Least);
    }

    [Fact]
    public async Task WhenThereAreTooFewRecords_ThereIsNoTimeout_UntilThereAreEnough_AndNoneAgainWhenTheyAreGone()
    {
        var pipeline = Build(Following);
        Record(19, s_second);
        await AssertNoTimeout(pipeline);
        Record(1, s_second);

        // Not before the tracker is asked again.
        await AssertNoTimeout(pipeline);
        _clock.Advance(s_second);
        AssertTimeout(pipeline, Following.Most);
        _clock.Advance(TimeSpan.FromMinutes(2));
        await AssertNoTimeout(pipeline);
    }

    [Fact]
    public void WhenManyCallsCome_TheTrackerIsAskedOnceAnInterval()
    {
        var tracker = new Counting();
        var pipeline = Build(Following with { Tracker = tracker, ReviewInterval = s_second });
        for (var i = 0; i < 100; i++)
        {
            pipeline.Execute(static _ => 1, Stop);
            _clock.Advance(s_millisecond * 100);
        }

        Assert.Equal(10, tracker.Asked);
    }

    [Fact]
    public void WhenManyThreadsFindTheIntervalOver_OneOfThemAsks()
    {
        var tracker = new Counting();
        var source = new TrackedTimeout(Following with { Tracker = tracker }, Clock.For(_clock));
        for (var i = 1; i <= 200; i++)
        {
            Latency.Together.Run(4, _ => source.Next(default));
            Assert.Equal(i, tracker.Asked);
            _clock.Advance(s_second);
        }
    }

    [Fact]
    public async Task WhenTheTrackerThrows_TheCallFailsWithThat_AndTheNextUsesTheLastAnswer()
    {
        var tracker = new Counting { Failure = new FormatException() };
        var pipeline = Build(Following with { Tracker = tracker });
        Assert.IsType<FormatException>((await pipeline.ExecuteOutcomeAsync(new Callee().Start, Stop)).Exception);
        Assert.Equal(1, await pipeline.ExecuteAsync(static _ => new ValueTask<int>(1), Stop));
    }

    private async Task Calls(Pipeline<int> pipeline, int calls, TimeSpan latency)
    {
        for (var i = 0; i < calls; i++)
        {
            var callee = new Callee();
            var call = pipeline.ExecuteOutcomeAsync(callee.Start, Stop);
            _clock.Advance(latency);
            if (!call.IsCompleted)
            {
                callee.Return(1);
            }

            await call;
        }
    }

    private void Record(int times, TimeSpan latency)
    {
        for (var i = 0; i < times; i++)
        {
            _tracker.Record(latency);
        }
    }

    // Within the tracker's error, times the multiple.
    private void AssertTimeout(Pipeline<int> pipeline, TimeSpan expected)
    {
        _clock.Advance(s_second);
        var start = _clock.GetTimestamp();
        var call = pipeline.ExecuteOutcomeAsync(new Callee().Start, Stop);
        while (!call.IsCompleted && _clock.GetTimestamp() - start < TimeSpan.TicksPerMinute)
        {
            _clock.Advance(new TimeSpan(1_000));
        }

        Assert.Equal("adaptive", Assert.IsType<TimeoutRejectedException>(call.Result.Exception).DeadlineOwner);
        Assert.InRange(_clock.GetTimestamp() - start, expected.Ticks * 0.992, (expected.Ticks * 1.008) + 1_000);
    }

    private async Task AssertNoTimeout(Pipeline<int> pipeline)
    {
        var callee = new Callee();
        var call = pipeline.ExecuteAsync(callee.Start, Stop);
        Assert.Equal(0, Clock.For(_clock).Sweeper.Armed);
        callee.Return(7);
        Assert.Equal(7, await call);
    }

    private Pipeline<int> Build(AdaptiveTimeout options) => new PipelineBuilder<int> { TimeProvider = _clock }
        .AddPercentileTracker(_tracker)
        .AddTimeout(new TimeoutOptions { Name = "adaptive", Adaptive = options })
        .Build();

    private sealed class Counting : IPercentileTracker
    {
        private int _asked;

        public int Asked => _asked;

        public Exception? Failure { get; init; }

        public TimeSpan? Answer { get; init; }

        public WindowReading GetPercentiles(ReadOnlySpan<double> quantiles, Span<TimeSpan> values)
        {
            Interlocked.Increment(ref _asked);
            values.Fill(Answer.GetValueOrDefault());
            return Failure is not null ? throw Failure : Answer is null ? default : new WindowReading(1_000, 0, TimeSpan.Zero, TimeSpan.Zero);
        }

        public void Record(TimeSpan duration) => throw new NotSupportedException();

        public TimeSpan GetPercentile(double quantile) => throw new NotSupportedException();

        public LatencySummary GetSummary(ReadOnlySpan<double> quantiles, Span<TimeSpan> values) => throw new NotSupportedException();

        public double GetShareBelow(TimeSpan duration) => throw new NotSupportedException();

        public WindowReading CopyTo(LatencyHistogram target) => throw new NotSupportedException();
    }
}
