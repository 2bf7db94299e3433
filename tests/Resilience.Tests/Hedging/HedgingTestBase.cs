using Resilience.Testing;
using Resilience.Tests.Timeouts;

namespace Resilience.Tests.Hedging;

/// <summary>A manual clock, a second as the delay, and no bound on the load.</summary>
public abstract class HedgingTestBase : FreshStack
{
    private protected static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected ManualClock Clock { get; } = new();

    private protected HedgingCounters Counters { get; } = new();

    /// <summary>What stands inside the hedging strategy. Without it an attempt is its callback, and with it a call of its own.</summary>
    private protected virtual Strategy[] Inside => [];

    private protected HedgingOptions Options(int attempts = 2, HedgeDelay? delay = null) => new()
    {
        MaxAttempts = attempts,
        Delay = delay ?? HedgeDelay.After(Second),
        ExtraLoad = double.PositiveInfinity,
        Counters = Counters,
    };

    private protected Pipeline<T> Hedged<T>(int attempts = 2, HedgeDelay? delay = null) => Hedged<T>(Options(attempts, delay));

    private protected Pipeline<T> Hedged<T>(HedgingOptions options, params Strategy[] inner)
    {
        var builder = new PipelineBuilder<T> { TimeProvider = Clock }.AddHedging(options);
        Array.ForEach(inner, builder.AddStrategy);
        return Innermost(builder).Build();
    }

    private protected PipelineBuilder<T> Innermost<T>(PipelineBuilder<T> builder)
    {
        Array.ForEach(Inside, builder.AddStrategy);
        return builder;
    }

    // The timer is not stopped before the sweeper next wakes.
    private protected void AssertNothingIsLeft()
    {
        SpinWait.SpinUntil(() => Counters.InFlightLosers == 0, TimeSpan.FromSeconds(30));
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal((0, 0, 0L), (Clock.ActiveTimers, Resilience.Clock.For(Clock).Sweeper.Armed, Counters.InFlightLosers));
    }
}
