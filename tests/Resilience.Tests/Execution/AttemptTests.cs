using Resilience.Testing;

namespace Resilience.Tests.Execution;

/// <summary>What is new in each attempt, and what each level of a call sees of deadlines further in.</summary>
public sealed class AttemptTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task WhenAgain_ClockDeadlineAndSourceAreRefreshed()
    {
        var seen = new List<(TimeSpan Now, TimeSpan Remaining, bool Cancelled)>();
        var start = new TimeSpan(_clock.GetTimestamp());
        var retry = new Probe { Leaves = static (ref CallFrame frame, ref Slot _) => frame.Attempt < 2 ? Exit.Again : Exit.Continue };
        var innermost = new Probe
        {
            Enters = (ref CallFrame frame, ref Slot _) =>
            {
                seen.Add((frame.Now - start, frame.Remaining, frame.CancellationToken.IsCancellationRequested));
                return Entry.Go;
            },
        };
        var pipeline = new PipelineBuilder { TimeProvider = _clock }.Add(retry).AddTimeout(TimeSpan.FromSeconds(5)).Add(innermost).Build();
        var outcome = await pipeline.ExecuteOutcomeAsync((CancellationToken token) =>
        {
            _clock.Advance(TimeSpan.FromSeconds(6));
            return token.IsCancellationRequested ? ValueTask.FromCanceled<int>(token) : new ValueTask<int>(1);
        });
        Assert.IsType<TimeoutRejectedException>(outcome.Exception);
        var five = TimeSpan.FromSeconds(5);
        Assert.Equal([(TimeSpan.Zero, five, false), (TimeSpan.FromSeconds(6), five, false), (TimeSpan.FromSeconds(12), five, false)], seen);
    }

    [Fact]
    public void WhenATimeoutFurtherInHasFired_OuterLevelsHaveALiveTokenAndTheirOwnDeadline()
    {
        var seen = default((TimeSpan, bool));
        var outside = new Probe
        {
            Leaves = (ref CallFrame frame, ref Slot _) =>
            {
                seen = (frame.Remaining, frame.CancellationToken.IsCancellationRequested);
                return Exit.Continue;
            },
        };
        var pipeline = new PipelineBuilder { TimeProvider = _clock }
            .AddTimeout(TimeSpan.FromSeconds(10)).Add(outside).AddTimeout(TimeSpan.FromSeconds(2)).Build();
        var outcome = pipeline.ExecuteOutcome((CancellationToken token) =>
        {
            _clock.Advance(TimeSpan.FromSeconds(3));
            token.ThrowIfCancellationRequested();
            return 1;
        });
        Assert.IsType<TimeoutRejectedException>(outcome.Exception);
        Assert.Equal((TimeSpan.FromSeconds(7), false), seen);
    }

    [Fact]
    public void WhenOneStrategyServesManyPipelinesAndTypes_ItIsTheSameInstance()
    {
        var shared = new Probe();
        Assert.Equal(1, Pipelines.Of(shared).Execute(static (CancellationToken _) => 1, CancellationToken.None));
        Assert.Equal("a", Pipelines.Of(shared, shared).Execute(static (CancellationToken _) => "a", CancellationToken.None));
        Assert.Equal(2, Pipelines.For<int>(shared).Execute(static (CancellationToken _) => 2));
        Assert.Equal((4, 4), (shared.Entered, shared.Left));
    }

    [Fact]
    public void WhenNothingIsTimed_TheClockIsNeverRead()
    {
        var time = new CountingTime();
        var pipeline = Pipelines.Of(time, new Probe());
        var before = time.Readings;
        pipeline.Execute(static (CancellationToken _) => 1, CancellationToken.None);
        Assert.Equal(before, time.Readings);
    }

    [Fact]
    public void WhenManyStrategiesAskForTheTime_ItIsReadTwiceAnAttempt()
    {
        var time = new CountingTime();
        var asking = new Probe
        {
            Enters = static (ref CallFrame frame, ref Slot _) => frame.Now > TimeSpan.Zero ? Entry.Go : Entry.Refuse,
            Leaves = static (ref CallFrame frame, ref Slot _) => frame.Now > TimeSpan.Zero ? Exit.Continue : Exit.Again,
        };
        var pipeline = Pipelines.Of(time, asking, asking, asking);
        var before = time.Readings;
        pipeline.Execute(static (CancellationToken _) => 1, CancellationToken.None);
        Assert.Equal(before + 2, time.Readings);
    }

    private sealed class CountingTime : TimeProvider
    {
        internal int Readings { get; private set; }

        public override long GetTimestamp()
        {
            Readings++;
            return base.GetTimestamp();
        }
    }
}
