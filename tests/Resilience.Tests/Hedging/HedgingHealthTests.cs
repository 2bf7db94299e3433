using Resilience.Tests.Execution;

namespace Resilience.Tests.Hedging;

/// <summary>What losers say about the dependency.</summary>
public sealed class HedgingHealthTests : HedgingTestBase
{
    private static readonly CircuitBreakerOptions s_options = new()
    {
        FailureRatio = 0.5,
        SlowCallRatio = 0.5,
        SlowCallDuration = Second,
        MinimumCalls = 10,
        Window = CircuitWindow.Calls(64),
    };

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(3, 1)]
    public async Task WhenALoserIsCancelled_ItIsIgnored_UnlessItWasSlowByThen(double seconds, int slow)
    {
        var breaker = new CircuitBreaker(s_options, Clock);
        Assert.Equal(2, await Race(breaker, seconds * Second));

        // The winner counts as well.
        Assert.Equal((1 + slow, slow, 0L), (breaker.Snapshot.Calls, breaker.Snapshot.SlowCalls, breaker.Snapshot.Failures));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task WhenThePrimaryIsDead_TheBreakerSeesIt()
    {
        var breaker = new CircuitBreaker(s_options, Clock);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(CircuitState.Closed, breaker.State);
            await Race(breaker, 2 * Second);
        }

        Assert.Equal(CircuitState.Open, breaker.State);
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(0.5, CircuitState.HalfOpen)]
    [InlineData(3, CircuitState.Open)]
    public async Task WhenAProbeIsOutpaced_ItsPlaceIsFree_UnlessItWasSlowByThen(double seconds, CircuitState state)
    {
        var breaker = new CircuitBreaker(s_options with { ConsecutiveFailures = 1, BreakDuration = Second, Probes = 2 }, Clock);
        Assert.True(breaker.TryAcquire(out var permit));
        permit.Failure();
        Clock.Advance(2 * Second);
        await Race(breaker, seconds * Second);
        Assert.Equal(state, breaker.State);
        Assert.Equal(state == CircuitState.HalfOpen, breaker.TryAcquire(out _));
    }

    [Fact]
    public async Task WhenAStrategyWrapsInside_ItIsSeenAllTheSame()
    {
        var breaker = new CircuitBreaker(s_options, Clock);
        var starts = new Starts<int>();
        var pipeline = new PipelineBuilder<int> { TimeProvider = Clock }.AddHedging(Options())
            .Add(new Around<int>(static inner => inner.ExecuteAsync())).AddCircuitBreaker(breaker).Build();
        var call = pipeline.ExecuteAsync(starts.Run, Stop);
        Clock.Advance(3 * Second);
        starts[1].Return(2);
        Assert.Equal(2, await call);
        SpinWait.SpinUntil(() => Counters.InFlightLosers == 0, TimeSpan.FromSeconds(30));
        Assert.Equal((2, 2), (breaker.Snapshot.Calls, breaker.Snapshot.SlowCalls));
    }

    [Fact]
    public async Task WhenTheCallerCancels_SlowAttemptsAreIgnored()
    {
        var breaker = new CircuitBreaker(s_options, Clock);
        using var caller = new CancellationTokenSource();
        var starts = new Starts<int>();
        var call = new PipelineBuilder<int> { TimeProvider = Clock }.AddHedging(Options()).AddCircuitBreaker(breaker).Build()
            .ExecuteOutcomeAsync(starts.Run, caller.Token);
        Clock.Advance(5 * Second);
        await caller.CancelAsync();
        await call;
        Assert.Equal(0, breaker.Snapshot.Calls);
    }

    // The hedge takes a tenth of a second.
    private async Task<int> Race(CircuitBreaker breaker, TimeSpan delay)
    {
        var starts = new Starts<int>();
        var call = new PipelineBuilder<int> { TimeProvider = Clock }.AddHedging(Options(delay: HedgeDelay.After(delay)))
            .AddCircuitBreaker(breaker).Build().ExecuteAsync(starts.Run, Stop);
        Clock.Advance(delay);
        Clock.Advance(Second / 10);
        starts[1].Return(2);
        return await call;
    }
}
