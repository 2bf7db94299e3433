using Resilience.Tests.Execution;
using Probe = Resilience.Tests.Execution.Probe;

namespace Resilience.Tests.Hedging;

/// <summary>Budgets, trackers and classifiers of a user's own that throw where a race asks them, and nobody is there to catch it.</summary>
public class HedgingForeignTests : HedgingTestBase
{
    [Theory]
    [InlineData("OnStart", 3)]
    [InlineData("OnFailure", 3)]
    [InlineData("GiveBack", 3)]
    [InlineData("End", 3)]
    [InlineData("Withdraw", 1)]
    public async Task WhenABudgetOfTheUsersThrows_TheCallEndsAsItWould_AndARefusalIsARefusal(string where, int attempts)
    {
        var pipeline = Hedged<int>(Options(attempts: 3) with { Budget = new ThrowingBudget(where), ExtraLoad = 0.05 });
        var atOnce = 0;
        var outcome = await pipeline.ExecuteOutcomeAsync(ValueTask<int> (_) => throw new IOException($"{++atOnce}"), Stop);
        Assert.Equal($"{attempts}", outcome.Exception!.Message);

        var starts = new Starts<int>();
        var call = pipeline.ExecuteOutcomeAsync(starts.Run, Stop);
        Clock.Advance(Second);
        Assert.Equal(Math.Min(2, attempts), starts.Count);
        starts[starts.Count - 1].Return(7);
        Assert.Equal(7, (await call).ResultOrDefault);

        starts = new Starts<int>();
        call = pipeline.ExecuteOutcomeAsync(starts.Run, Stop);
        Clock.Advance(Second);
        for (var i = 0; i < starts.Count; i++)
        {
            starts[i].Fail(new IOException($"{i}"));
        }

        Assert.Equal((attempts, $"{attempts - 1}"), (starts.Count, (await call).Exception!.Message));
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public async Task WhenATrackerOfTheUsersThrows_TheCallEndsAsItWould_AndIsHedgedOnlyWhenTheDelayIsKnown(bool queries, int attempts)
    {
        var pipeline = Hedged<int>(Options(delay: HedgeDelay.AtPercentile(0.5, Second, Second, 1, new ThrowingTracker(queries))));
        Assert.Equal(1, await pipeline.ExecuteAsync(static _ => new ValueTask<int>(1), Stop));
        foreach (var winner in new[] { 0, attempts - 1 })
        {
            var starts = new Starts<int>();
            var call = pipeline.ExecuteAsync(starts.Run, Stop);
            Clock.Advance(Second);
            Assert.Equal(attempts, starts.Count);
            starts[winner].Return(winner);
            Assert.Equal(winner, await call);
        }

        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenTheHedgesOwnClassifierThrows_TheCallFailsWithThat_AndTheResultIsDisposed()
    {
        var probe = new Probe();
        var hedged = new PipelineBuilder<Tracked> { TimeProvider = Clock }
            .Classify(new Counting<Tracked>(_ => throw new ScriptedException("classifier")))
            .AddHedging(Options())
            .Build();
        var pipeline = new PipelineBuilder<Tracked> { TimeProvider = Clock }.Add(probe).Add(hedged).Build();
        var (starts, result) = (new Starts<Tracked>(), new Tracked("late"));
        var call = pipeline.ExecuteOutcomeAsync(starts.Run, Stop);
        Clock.Advance(Second);
        starts[1].Return(result);
        Assert.Equal("classifier", (await call).Exception?.Message);
        Assert.Equal((1, Verdict.Ignored), (result.Disposals, probe.LastVerdict));
        Assert.True(starts[0].WasCancelled);
        AssertNothingIsLeft();
    }

    private sealed class ThrowingBudget(string where) : RetryBudget
    {
        public override void OnStart() => ThrowAt("OnStart");

        public override void OnFailure() => ThrowAt("OnFailure");

        protected override int Withdraw(bool afterTimeout, int owed)
        {
            ThrowAt("Withdraw");
            return 1;
        }

        protected override void GiveBack(bool success, int owed) => ThrowAt("GiveBack");

        protected override void End(bool success, bool retried) => ThrowAt("End");

        private void ThrowAt(string method)
        {
            if (method == where)
            {
                throw new ScriptedException(method);
            }
        }
    }

    private sealed class ThrowingTracker(bool queries) : IPercentileTracker
    {
        public void Record(TimeSpan duration) => throw new ScriptedException("record");

        public TimeSpan GetPercentile(double quantile) => throw new ScriptedException("percentile");

        public WindowReading GetPercentiles(ReadOnlySpan<double> quantiles, Span<TimeSpan> values) =>
            queries ? throw new ScriptedException("percentiles") : new WindowReading(100, 0, TimeSpan.Zero, TimeSpan.Zero);

        public LatencySummary GetSummary(ReadOnlySpan<double> quantiles, Span<TimeSpan> values) => throw new ScriptedException("summary");

        public double GetShareBelow(TimeSpan duration) => throw new ScriptedException("share");

        public WindowReading CopyTo(LatencyHistogram target) => throw new ScriptedException("copy");
    }
}
