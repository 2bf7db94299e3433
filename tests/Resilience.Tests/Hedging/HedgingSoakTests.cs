using Resilience.Testing;
using Resilience.Tests.Execution;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.Hedging;

/// <summary>Four threads of hedged calls on the real clock and the pool: whatever is started ends, and nothing is left.</summary>
[Collection(Allocations.Alone)]
public sealed class HedgingSoakTests : Timeouts.FreshStack
{
    private const int CallsAThread = 2_500;

    [Theory]
    [InlineData(300, false)]
    [InlineData(300, true)]
    [InlineData(0, false)]
    [InlineData(0, true)]
    public void WhenFourThreadsHedge_StartedIsFinishedAndAbandonedAndObserved(int microseconds, bool isInnermost)
    {
        // What earlier tests have left is told before it counts.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var unobserved = 0;
        void Count(object? sender, UnobservedTaskExceptionEventArgs e) => Interlocked.Increment(ref unobserved);
        TaskScheduler.UnobservedTaskException += Count;
        try
        {
            var delay = microseconds == 0 ? HedgeDelay.Parallel : HedgeDelay.After(TimeSpan.FromMicroseconds(microseconds));
            var soak = new HedgingSoak(delay, isInnermost);
            var threads = Enumerable.Range(0, 4).Select(seed => new Thread(() => soak.Run(seed, CallsAThread))).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            Assert.True(SpinWait.SpinUntil(() => soak.IsQuiet, TimeSpan.FromSeconds(60)), soak.ToString());
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            Suite.Report($"hedging: soak, {delay}, {(isInnermost ? "innermost" : "around a strategy")}", soak.ToString());
            Assert.Null(soak.Failure);
            Assert.Equal(0, unobserved);
            Assert.Equal(soak.Started, soak.Ended);
            Assert.Equal(0, soak.Undisposed);
            Assert.Equal(0, soak.Counters.InFlightLosers);
            Assert.Equal((0, 0), (soak.Budget.Calls, soak.Budget.Retries));
            Assert.Equal(soak.Permits, soak.PermitsBack);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Count;
        }
    }

    [Fact]
    public async Task WhenManyCallsHedgeLoseAndTimeOut_NoTimerIsLeft_AndThePlacesAreBounded()
    {
        var clock = new ManualClock();
        var pipeline = new PipelineBuilder<int> { TimeProvider = clock }.AddTimeout(TimeSpan.FromSeconds(3))
            .AddHedging(new HedgingOptions { MaxAttempts = 3, Delay = HedgeDelay.After(TimeSpan.FromSeconds(1)), ExtraLoad = double.PositiveInfinity }).Build();
        var calls = new ValueTask<Outcome<int>>[250];
        for (var i = 0; i < 100_000; i += calls.Length)
        {
            var starts = new Starts<int>();
            for (var j = 0; j < calls.Length; j++)
            {
                calls[j] = pipeline.ExecuteOutcomeAsync(starts.Run, TestContext.Current.CancellationToken);
            }

            clock.Advance(TimeSpan.FromSeconds(i / calls.Length % 4));
            for (var j = 0; j < calls.Length; j++)
            {
                starts[j].Return(j);
                Assert.True(calls[j].IsCompleted);
                await calls[j];
            }
        }

        clock.Advance(TimeSpan.FromDays(1));
        var sweeper = Clock.For(clock).Sweeper;
        Assert.Equal((0, 0), (clock.ActiveTimers, sweeper.Armed));
        Assert.InRange(sweeper.Taken, 0, 4 * PoolLimits.Retained);
    }
}
