namespace Resilience.Tests.Hedging;

/// <summary>The delay follows what first attempts took lately.</summary>
public class HedgingPercentileTests : HedgingTestBase
{
    private static readonly TimeSpan s_millisecond = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task WhenLatencyShifts_TheDelayFollows_AndIsClamped()
    {
        var pipeline = Tracked(0.95, least: 10, most: 500, out var delay);
        await Run(pipeline, 200, i => i % 100);
        AssertNear(95, delay());
        Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True(delay() < 0, "an idle tracker has no samples");
        await Run(pipeline, 200, i => 200 + (i % 100));
        AssertNear(295, delay());
        Clock.Advance(TimeSpan.FromMinutes(2));
        await Run(pipeline, 200, _ => 1);
        Assert.Equal(10 * TimeSpan.TicksPerMillisecond, delay());
        Clock.Advance(TimeSpan.FromMinutes(2));
        await Run(pipeline, 61, _ => 900);
        Assert.Equal(500 * TimeSpan.TicksPerMillisecond, delay());
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenThereAreTooFewSamples_NothingIsHedgedByTime_AndThenItIs()
    {
        var pipeline = Tracked(0.5, least: 1, most: 1_000, out _);
        var starts = new Starts<int>();
        await Run(pipeline, 59, _ => 20);
        var early = pipeline.ExecuteAsync(starts.Run, Stop);
        Clock.Advance(21 * s_millisecond);
        Assert.Equal(1, starts.Count);
        starts[0].Return(1);
        Assert.Equal(1, await early);
        var call = pipeline.ExecuteAsync(starts.Run, Stop);
        Clock.Advance(22 * s_millisecond);
        Assert.Equal(3, starts.Count);
        starts[2].Return(2);
        Assert.Equal(2, await call);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenTheFirstAttemptLoses_TheTimeThatItTookIsSeen_AndTheHedgesIsNot()
    {
        var tracker = new PercentileTracker(new PercentileTrackerOptions { TimeProvider = Clock });
        var pipeline = Hedged<int>(2, HedgeDelay.AtPercentile(0.5, 10 * s_millisecond, Second, 1, tracker));
        await Run(pipeline, 1, _ => 10);
        for (var i = 0; i < 10; i++)
        {
            var starts = new Starts<int>(heedsTokens: i % 2 == 0);
            var call = pipeline.ExecuteAsync(starts.Run, Stop);
            Clock.Advance(Second);
            Assert.Equal(2, starts.Count);
            starts[1].Return(2);
            Assert.Equal(2, await call);
            starts[0].Return(1);
        }

        var most = TimeSpan.Zero;
        Assert.Equal(11, tracker.GetPercentiles([0.5], new Span<TimeSpan>(ref most)).Count);
        AssertNear(1_000, most.Ticks);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenTheFirstAttemptFails_NothingIsRecorded()
    {
        var tracker = new PercentileTracker(new PercentileTrackerOptions { TimeProvider = Clock });
        var pipeline = Hedged<int>(2, HedgeDelay.AtPercentile(0.5, 10 * s_millisecond, Second, 1, tracker));
        for (var i = 0; i < 10; i++)
        {
            var starts = new Starts<int>();
            var call = pipeline.ExecuteAsync(starts.Run, Stop);
            Clock.Advance(s_millisecond);
            starts[0].Fail(new Execution.ScriptedException("first"));
            starts[1].Return(2);
            Assert.Equal(2, await call);
            Assert.Equal(3, await pipeline.ExecuteAsync(FailOnce(), Stop));
        }

        Assert.Equal(0, tracker.GetPercentiles([], []).Count);

        static Func<CancellationToken, ValueTask<int>> FailOnce()
        {
            var starts = 0;
            return _ => starts++ == 0 ? throw new Execution.ScriptedException("at once") : new ValueTask<int>(3);
        }
    }

    private static void AssertNear(double milliseconds, long ticks) =>
        Assert.InRange(ticks, milliseconds * TimeSpan.TicksPerMillisecond * 0.98, milliseconds * TimeSpan.TicksPerMillisecond * 1.02);

    private async Task Run(Pipeline<int> pipeline, int calls, Func<int, int> milliseconds)
    {
        for (var i = 0; i < calls; i++)
        {
            var starts = new Starts<int>(heedsTokens: false);
            var call = pipeline.ExecuteAsync(starts.Run, Stop);
            Clock.Advance(milliseconds(i) * s_millisecond);
            starts[0].Return(i);
            Assert.Equal(i, await call);
            starts[starts.Count - 1].Return(i);
        }
    }

    private Pipeline<int> Tracked(double quantile, int least, int most, out Func<long> delay)
    {
        var pipeline = Hedged<int>(2, HedgeDelay.AtPercentile(quantile, least * s_millisecond, most * s_millisecond, minimumSamples: 60));
        delay = () => ((HedgingStrategy)pipeline.Strategies[0]).Delay.Ticks;
        return pipeline;
    }
}
