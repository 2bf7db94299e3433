using Resilience.Testing;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>The breaker's life from closed to open and back, as a user sees it.</summary>
public sealed class CircuitBreakerTests
{
    private static readonly CircuitBreakerOptions s_options = new()
    {
        FailureRatio = 0.5,
        MinimumCalls = 4,
        Window = CircuitWindow.Calls(10),
        BreakDuration = TimeSpan.FromSeconds(5),
    };

    private readonly ManualClock _clock = new();

    [Fact]
    public void WhenTheRatioIsReached_ItOpens_AndSaysWhenToRetry()
    {
        var breaker = Make(s_options);
        Report(breaker, "..x");
        Assert.Equal(CircuitState.Closed, breaker.State);
        Report(breaker, "x");
        Assert.Equal(CircuitState.Open, breaker.State);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(breaker.TryAcquire(out var refused));
        Assert.Equal(TimeSpan.FromSeconds(3), refused.RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(3), breaker.RetryAfter);
        Assert.False(refused.IsIsolated);
        Assert.Equal(1, breaker.Snapshot.Rejected);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(100)]
    [InlineData(0)]
    public void WhenASuccessReachesMinimumCalls_ItOpens(int count)
    {
        var breaker = Make(s_options with
        {
            MinimumCalls = 5,
            Window = count == 0 ? CircuitWindow.Time(TimeSpan.FromSeconds(30)) : CircuitWindow.Calls(count),
        });
        Report(breaker, "xxxx");
        Assert.Equal(CircuitState.Closed, breaker.State);
        Report(breaker, ".");
        Assert.Equal(CircuitState.Open, breaker.State);
    }

    [Fact]
    public void WhenTheProbeSucceeds_ItCloses_WithAnEmptyWindow()
    {
        var breaker = Make(s_options);
        Report(breaker, "xxxx");
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(breaker.TryAcquire(out var probe));
        Assert.Equal(CircuitState.HalfOpen, breaker.State);
        Assert.False(breaker.TryAcquire(out _));
        probe.Success();
        Assert.Equal(CircuitState.Closed, breaker.State);
        Assert.Equal(0, breaker.Snapshot.Calls);
        Assert.Equal(CircuitReason.ProbesPassed, breaker.Snapshot.Reason);
    }

    [Fact]
    public void WhenTheProbeFails_ItOpensAgain()
    {
        var breaker = Make(s_options);
        Report(breaker, "xxxx");
        _clock.Advance(TimeSpan.FromSeconds(5));
        Report(breaker, "x");
        Assert.Equal(CircuitState.Open, breaker.State);
        Assert.Equal(TimeSpan.FromSeconds(5), breaker.RetryAfter);
    }

    [Fact]
    public void WhenIsolated_ItRefuses_UntilReset()
    {
        var breaker = Make(s_options);
        breaker.Isolate();
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.False(breaker.TryAcquire(out var refused));
        Assert.True(refused.IsIsolated);
        Assert.Equal(Timeout.InfiniteTimeSpan, refused.RetryAfter);
        breaker.Reset();
        Assert.True(breaker.TryAcquire(out _));
    }

    private static void Report(CircuitBreaker breaker, string outcomes)
    {
        foreach (var outcome in outcomes)
        {
            Assert.True(breaker.TryAcquire(out var permit));
            if (outcome == 'x')
            {
                permit.Failure();
            }
            else
            {
                permit.Success();
            }
        }
    }

    private CircuitBreaker Make(CircuitBreakerOptions options) => new(options, _clock);
}
