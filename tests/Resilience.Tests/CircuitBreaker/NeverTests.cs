using Resilience.Testing;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>What users of circuit breakers report, one test each: named by what went wrong.</summary>
public sealed class NeverTests
{
    private static readonly TimeSpan s_break = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(30);
    private static readonly CircuitBreakerOptions s_options = new()
    {
        FailureRatio = 0.6,
        MinimumCalls = 10,
        Window = CircuitWindow.Calls(20),
        BreakDuration = s_break,
        ProbeLease = s_lease,
    };

    private readonly ManualClock _clock = new();

    [Fact]
    public void WhenProbeNeverReturns_LeaseExpires_AndAnotherIsAdmitted()
    {
        var (breaker, _) = HalfOpen(s_options);
        _clock.Advance(s_lease);
        Assert.False(breaker.TryAcquire(out _));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(breaker.TryAcquire(out var second));
        second.Success();
        Assert.Equal(CircuitState.Closed, breaker.State);
    }

    [Fact]
    public void WhenProbesHangForAYear_EachLeaseIsTakenOver()
    {
        var (breaker, _) = HalfOpen(s_options);
        for (var i = 0; i < 365; i++)
        {
            _clock.Advance(TimeSpan.FromDays(1));
            Assert.False(breaker.TryAcquire(out _));
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.True(breaker.TryAcquire(out _));
        }
    }

    [Fact]
    public void WhenTheLeaseIsShorterThanTheLatency_ALateResultStillCloses()
    {
        var (breaker, probe) = HalfOpen(s_options with { ProbeLease = TimeSpan.FromMilliseconds(10) });
        _clock.Advance(TimeSpan.FromSeconds(2));
        breaker.TryAcquire(out _);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(breaker.TryAcquire(out var second));
        probe.Success();
        Assert.Equal(CircuitState.Closed, breaker.State);
        second.Failure();
        Assert.Equal(CircuitState.Closed, breaker.State);
        Assert.Equal(1, breaker.Snapshot.Stale);
    }

    [Fact]
    public void WhenTheDeadlineIsLaterThanTheLease_TheLeaseLastsToTheDeadline()
    {
        var breaker = Opened(s_options);
        _clock.Advance(s_break);
        var now = Clock.For(_clock).Coarse;
        Assert.True(breaker.Enter(breaker.Current, now, now + TimeSpan.FromMinutes(5).Ticks, out _));
        _clock.Advance(TimeSpan.FromMinutes(4));
        breaker.TryAcquire(out _);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(breaker.TryAcquire(out _));
    }

    [Fact]
    public void WhenAProbeIsCancelled_ItDoesNotClose_AndAnotherIsAdmitted()
    {
        var (breaker, probe) = HalfOpen(s_options);
        probe.Ignore();
        Assert.Equal(CircuitState.HalfOpen, breaker.State);
        Assert.True(breaker.TryAcquire(out _));
    }

    [Fact]
    public void WhenEightAreCancelledAndTenFail_ItOpens()
    {
        var breaker = new CircuitBreaker(s_options, _clock);
        for (var i = 0; i < 18; i++)
        {
            Assert.True(breaker.TryAcquire(out var permit));
            permit.Report(i % 2 == 0 && i < 16 ? Health.None : Health.Bad, slow: false, -1);
        }

        Assert.Equal(CircuitState.Open, breaker.State);
    }

    [Fact]
    public void WhenAResultIsFromBeforeItOpened_TheHalfOpenStateDoesNotMove()
    {
        var breaker = new CircuitBreaker(s_options, _clock);
        Assert.True(breaker.TryAcquire(out var early));
        Fail(breaker, 10);
        _clock.Advance(s_break);
        Assert.True(breaker.TryAcquire(out _));
        early.Success();
        Assert.Equal((CircuitState.HalfOpen, 0L), (breaker.State, breaker.Snapshot.Calls));
    }

    [Fact]
    public void WhenIsolated_TheGeneratorIsNotAsked_AndNoDurationIsReported()
    {
        var asked = 0;
        var breaker = new CircuitBreaker(s_options with { BreakDurationGenerator = _ => TimeSpan.FromSeconds(++asked) }, _clock);
        breaker.Isolate();
        Assert.Equal(0, asked);
        Assert.Equal(Timeout.InfiniteTimeSpan, breaker.RetryAfter);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(null)]
    public void WhenTheGeneratorThrowsOrIsNegative_TheConstantHolds(int? seconds)
    {
        var breaker = Opened(s_options with
        {
            BreakDurationGenerator = _ => seconds is { } s ? TimeSpan.FromSeconds(s) : throw new InvalidOperationException(),
        });
        Assert.Equal(s_break, breaker.RetryAfter);
    }

    [Fact]
    public void WhenTheGeneratorAnswers_ItsDurationHolds_AndItKnowsTheTrip()
    {
        CircuitTrip seen = default;
        var breaker = Opened(s_options with { BreakDurationGenerator = trip => TimeSpan.FromSeconds((seen = trip).Opens * 7) });
        Assert.Equal(new CircuitTrip(1, CircuitReason.FailureRatio, 10, 10, 0, s_break), seen);
        Assert.Equal(TimeSpan.FromSeconds(7), breaker.RetryAfter);
    }

    [Fact]
    public void WhenTheGeneratorLooksAtTheBreaker_ItIsOpenForTheConstantMeanwhile()
    {
        CircuitBreaker? breaker = null;
        (CircuitState, TimeSpan) seen = default;
        breaker = new CircuitBreaker(s_options with
        {
            BreakDurationGenerator = _ =>
            {
                seen = (breaker!.State, breaker.RetryAfter);
                return TimeSpan.FromSeconds(1);
            },
        }, _clock);
        Fail(breaker, 10);
        Assert.Equal((CircuitState.Open, s_break), seen);
    }

    [Fact]
    public void WhenTheGeneratorCallsTheBreaker_NothingLocksUp_AndItsLastWordHolds()
    {
        CircuitBreaker? breaker = null;
        breaker = new CircuitBreaker(s_options with
        {
            BreakDurationGenerator = _ =>
            {
                breaker!.Isolate();
                breaker.Reset();
                return TimeSpan.FromMinutes(1);
            },
        }, _clock);
        Fail(breaker, 10);
        Assert.Equal((CircuitState.Closed, TimeSpan.Zero), (breaker.State, breaker.RetryAfter));
        Assert.True(breaker.TryAcquire(out _));
    }

    [Fact]
    public void WhenTheTimestampWraps_TheBreakEndsAllTheSame()
    {
        var provider = new Wrapping();
        var breaker = new CircuitBreaker(s_options, provider);
        Fail(breaker, 10);
        provider.Ticks += TimeSpan.FromSeconds(4).Ticks;
        Assert.False(breaker.TryAcquire(out var refused));
        Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter);
        provider.Ticks += TimeSpan.FromSeconds(2).Ticks;
        Assert.True(breaker.TryAcquire(out _));
    }

    [Fact]
    public void WhenCountsCrossTheMiddleOfAWord_NoReaderSeesHalfOfOne()
    {
        // Each field of the ring's word borrows from the next on the way; a reader beside the writer must still find counts that fit.
        var harness = new WindowHarness<RingWindow<Production>>(new RingWindow<Production>(4));
        using var done = new CancellationTokenSource();
        var torn = 0;
        var reader = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                var read = harness.Read();
                torn += read.Calls is < 0 or > 4 || read.Failures is < -1 or > 5 || read.Slow is < -1 or > 5 ? 1 : 0;
            }
        });
        reader.Start();
        for (var i = 0; i < 300_000; i++)
        {
            harness.Record(i % 3 == 0, i % 2 == 0);
        }

        done.Cancel();
        reader.Join();
        Assert.Equal(0, torn);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-3_600)]
    public void WhenTheWallClockMoves_NothingChanges(int seconds)
    {
        var breaker = Opened(s_options);
        _clock.ShiftWallClock(TimeSpan.FromSeconds(seconds));
        Assert.Equal(s_break, breaker.RetryAfter);
        Assert.False(breaker.TryAcquire(out _));
    }

    [Fact]
    public void WhenTheProcessStoodStill_TheLeasesDoNotAllExpireAtOnce()
    {
        var breaker = Opened(s_options with { Probes = 5, ProbeFailureRatio = 1 });
        _clock.Advance(s_break);
        for (var i = 0; i < 5; i++)
        {
            Assert.True(breaker.TryAcquire(out _));
        }

        _clock.Leap(TimeSpan.FromHours(1));
        Assert.DoesNotContain(Enumerable.Range(0, 20), _ => breaker.TryAcquire(out var _));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(Enumerable.Range(0, 20), _ => breaker.TryAcquire(out var _));
    }

    [Fact]
    public void WhenOptionsAreReloaded_ItStaysOpen()
    {
        var breaker = Opened(s_options);
        breaker.Reconfigure(s_options with { BreakDuration = TimeSpan.FromMinutes(1) });
        Assert.Equal((CircuitState.Open, s_break), (breaker.State, breaker.RetryAfter));
    }

    [Fact]
    public void WhenAFailureIsLateWhileOpen_TheBreakIsNotLonger()
    {
        var breaker = new CircuitBreaker(s_options, _clock);
        breaker.TryAcquire(out var late);
        Fail(breaker, 10);
        _clock.Advance(TimeSpan.FromSeconds(4));
        late.Failure();
        Assert.Equal(TimeSpan.FromSeconds(1), breaker.RetryAfter);
    }

    [Fact]
    public void WhenAPermitIsDefault_ReportsDoNothing()
    {
        var permit = default(Permit);
        permit.Success();
        permit.Failure();
        permit.SlowSuccess();
        permit.SlowFailure();
        permit.LeaveInFlight();
        permit.Ignore();
        permit.Report(Health.Bad, slow: true, 0);
        Assert.Equal(TimeSpan.Zero, permit.RetryAfter);
    }

    [Fact]
    public void WhenAPermitReportsTwice_ItCountsOnce()
    {
        var breaker = new CircuitBreaker(s_options, _clock);
        breaker.TryAcquire(out var permit);
        permit.Failure();
        permit.Failure();
        permit.Success();
        Assert.Equal((1L, 1L), (breaker.Snapshot.Calls, breaker.Snapshot.Failures));
    }

    [Fact]
    public void WhenTheTimestampHasAnotherFrequency_DurationsAreRight()
    {
        var provider = new OddFrequency();
        var breaker = new CircuitBreaker(s_options, provider);
        Fail(breaker, 10);
        provider.Seconds = 4.9;
        Assert.False(breaker.TryAcquire(out _));
        provider.Seconds = 5.1;
        Assert.True(breaker.TryAcquire(out _));
    }

    private static void Fail(CircuitBreaker breaker, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.True(breaker.TryAcquire(out var permit));
            permit.Failure();
        }
    }

    private CircuitBreaker Opened(CircuitBreakerOptions options)
    {
        var breaker = new CircuitBreaker(options, _clock);
        Fail(breaker, 10);
        Assert.Equal(CircuitState.Open, breaker.State);
        return breaker;
    }

    private (CircuitBreaker Breaker, Permit Probe) HalfOpen(CircuitBreakerOptions options)
    {
        var breaker = Opened(options);
        _clock.Advance(s_break);
        Assert.True(breaker.TryAcquire(out var probe));
        return (breaker, probe);
    }

    private sealed class OddFrequency : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 32_768;

        public override long GetTimestamp() => (long)((1 + Seconds) * 32_768);
    }

    /// <summary>A counter that is about to pass the greatest value of its type.</summary>
    private sealed class Wrapping : TimeProvider
    {
        public long Ticks { get; set; } = long.MaxValue - TimeSpan.FromSeconds(2).Ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Ticks;
    }
}
