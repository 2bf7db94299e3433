using Resilience.Testing;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>What an option does, where the model does not reach or a reader wants an example.</summary>
public sealed class CircuitFeatureTests
{
    private static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(500);
    private static readonly CircuitBreakerOptions s_options = new()
    {
        FailureRatio = 0.5,
        MinimumCalls = 4,
        Window = CircuitWindow.Calls(10),
    };

    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData(2, false)]
    [InlineData(5, true)]
    public void WhenConfidenceIsSet_AFewFailuresOfAFewDoNotOpen_AndMoreDo(int failures, bool opens)
    {
        var breaker = Make(s_options with { Confidence = 0.95, ConfidenceFloor = 1 });
        for (var i = 0; i < failures && breaker.TryAcquire(out var permit); i++)
        {
            permit.Failure();
        }

        Assert.Equal(opens, breaker.State == CircuitState.Open);
    }

    [Theory]
    [InlineData(0.9, 1.2815515655)]
    [InlineData(0.95, 1.6448536270)]
    [InlineData(0.975, 1.9599639845)]
    [InlineData(0.9999, 3.7190164855)]
    [InlineData(0.5, 0)]
    public void WhenAQuantileIsTaken_ItIsTheTables(double confidence, double z) => Assert.Equal(z, NormalQuantile.At(confidence), 8);

    [Fact]
    public void WhenTheTrueRatioIsHalfTheLimit_AScoreTripsSeldomerThanFewCallsWould()
    {
        // The table of the folder's README: how often a healthy dependency opens the breaker within 1,000 calls, at limit 0.5.
        var random = new Random(42);
        foreach (var (confidence, floor) in new (double?, int)[] { (null, 10), (0.9, 10), (0.95, 10), (0.99, 10), (0.95, 5) })
        {
            var trips = 0;
            for (var run = 0; run < 400; run++)
            {
                var breaker = Make(s_options with { Window = CircuitWindow.Calls(100), MinimumCalls = floor, Confidence = confidence, ConfidenceFloor = floor });
                for (var call = 0; call < 1_000 && breaker.TryAcquire(out var permit); call++)
                {
                    Say(ref permit, random.NextDouble() < 0.25 ? 'x' : '.');
                }

                trips += breaker.State == CircuitState.Open ? 1 : 0;
            }

            Suite.Report("false trips at 25 % failures, limit 50 %", $"confidence {confidence?.ToString() ?? "none"}, floor {floor}: {trips / 4.0} %");
            Assert.InRange(trips, 0, confidence is null ? 400 : 200);
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(50)]
    public void WhenCallsAreSlow_ItOpensByTheirRatio(int milliseconds)
    {
        var threshold = TimeSpan.FromMilliseconds(milliseconds);
        var breaker = Make(s_options with { SlowCallRatio = 0.5, SlowCallDuration = threshold });
        for (var i = 0; i < 4; i++)
        {
            breaker.TryAcquire(out var permit);
            _clock.Advance(i < 2 ? threshold : threshold + TimeSpan.FromTicks(1));
            permit.Success();
        }

        Assert.Equal((CircuitState.Open, CircuitReason.SlowCallRatio), (breaker.State, breaker.Snapshot.Reason));
    }

    [Fact]
    public void WhenCallsHang_TheyCountAsSlowBeforeTheyEnd_ButNotStreams()
    {
        var options = s_options with
        {
            Window = CircuitWindow.Time(TimeSpan.FromSeconds(10)),
            SlowCallRatio = 0.5,
            SlowCallDuration = s_slow,
            CountSlowInFlight = true,
        };
        foreach (var streams in new[] { true, false })
        {
            var breaker = Make(options);
            for (var i = 0; i < 4; i++)
            {
                breaker.TryAcquire(out var hung);
                if (streams)
                {
                    hung.LeaveInFlight();
                }
            }

            _clock.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal(streams, breaker.TryAcquire(out _));
            Assert.Equal(streams ? CircuitState.Closed : CircuitState.Open, breaker.State);
        }
    }

    [Fact]
    public void WhenCallsInFlightEnd_TheyNoLongerCount()
    {
        var breaker = Make(s_options with
        {
            Window = CircuitWindow.Time(TimeSpan.FromSeconds(10)),
            SlowCallRatio = 1,
            SlowCallDuration = s_slow,
            CountSlowInFlight = true,
        });
        for (var i = 0; i < 10; i++)
        {
            breaker.TryAcquire(out var quick);
            quick.Success();
        }

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(breaker.TryAcquire(out _));
    }

    [Fact]
    public void WhenItRecovers_TheShareOfCallsGrows()
    {
        var breaker = Make(s_options with { Recovery = TimeSpan.FromSeconds(100) });
        Report(breaker, "xxxx");
        _clock.Advance(TimeSpan.FromSeconds(5));
        Report(breaker, ".");
        Assert.InRange(Admitted(1_000), 9, 11);
        _clock.Advance(TimeSpan.FromSeconds(50));
        Assert.InRange(Admitted(1_000), 504, 506);
        _clock.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(1_000, Admitted(1_000));

        int Admitted(int calls) => Enumerable.Range(0, calls).Count(_ => breaker.TryAcquire(out var _));
    }

    [Fact]
    public void WhenItOpensAgainAndAgain_TheBreakGrowsToItsCap()
    {
        var breaker = Make(s_options with { BreakGrowth = 3, MaxBreakDuration = TimeSpan.FromSeconds(40) });
        Report(breaker, "xxxx");
        foreach (var seconds in new[] { 5, 15, 40, 40 })
        {
            Assert.Equal(TimeSpan.FromSeconds(seconds), breaker.RetryAfter);
            _clock.Advance(TimeSpan.FromSeconds(seconds));
            Report(breaker, "x");
        }

        _clock.Advance(TimeSpan.FromSeconds(40));
        Report(breaker, ".xxxx");
        Assert.Equal(TimeSpan.FromSeconds(5), breaker.RetryAfter);
    }

    [Fact]
    public void WhenBreaksAreJittered_TheySpreadWithinTheirShare()
    {
        var breaks = Enumerable.Range(0, 200).Select(_ =>
        {
            var breaker = Make(s_options with { BreakJitter = 0.2 });
            Report(breaker, "xxxx");
            return breaker.RetryAfter.TotalSeconds;
        }).ToList();
        Assert.All(breaks, seconds => Assert.InRange(seconds, 4, 6));
        Assert.True(breaks.Distinct().Count() > 100);
    }

    [Theory]
    [InlineData(10, 20)]
    [InlineData(10, 100)]
    [InlineData(100, 20)]
    [InlineData(100, 8)]
    [InlineData(0, 0)]
    public void WhenOptionsChange_TheHistoryStays_WhereTheWindowsAreOfAKind(int from, int to)
    {
        var breaker = Make(s_options with { Window = Window(from), FailureRatio = 1 });
        Report(breaker, "..xx.x");
        breaker.TryAcquire(out var running);
        breaker.Reconfigure(s_options with { Window = to == 0 ? CircuitWindow.Time(TimeSpan.FromSeconds(60), 7) : Window(to), FailureRatio = 0.5 });
        Assert.Equal((6L, 3L), (breaker.Snapshot.Calls, breaker.Snapshot.Failures));
        running.Failure();
        Assert.Equal(CircuitState.Open, breaker.State);

        static CircuitWindow Window(int count) => count == 0 ? CircuitWindow.Time(TimeSpan.FromSeconds(30)) : CircuitWindow.Calls(count);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(100)]
    public void WhenOptionsChangeOnACleanWindow_ASuccessGivenBeforeStillCounts(int window)
    {
        var breaker = Make(s_options with { Window = CircuitWindow.Calls(window) });
        Report(breaker, new string('.', window));
        breaker.TryAcquire(out var early);
        breaker.Reconfigure(s_options with { Window = CircuitWindow.Calls(window), FailureRatio = 0.9 });
        Report(breaker, "x" + new string('.', window - 1));
        Assert.Equal(1, breaker.Snapshot.Failures);
        early.Success();
        Assert.Equal(0, breaker.Snapshot.Failures);
    }

    [Theory]
    [InlineData(10, 10, 500, CircuitState.Open)]
    [InlineData(10, 10, 1_000, CircuitState.Closed)]
    [InlineData(10, 5, 500, CircuitState.Closed)]
    [InlineData(20, 20, 500, CircuitState.Closed)]
    [InlineData(10, 10, 0, CircuitState.Closed)]
    public void WhenOptionsChange_CallsInFlightStillCount_WhereSlicesAndSlowMeanTheSame(
        int windowSeconds, int slices, int slowMilliseconds, CircuitState expected)
    {
        var options = s_options with
        {
            Window = CircuitWindow.Time(TimeSpan.FromSeconds(10)),
            SlowCallRatio = 0.5,
            SlowCallDuration = s_slow,
            CountSlowInFlight = true,
        };
        var breaker = Make(options);
        var hung = new Permit[4];
        for (var i = 0; i < hung.Length; i++)
        {
            breaker.TryAcquire(out hung[i]);
        }

        var next = options with { FailureRatio = 0.9, Window = CircuitWindow.Time(TimeSpan.FromSeconds(windowSeconds), slices) };
        breaker.Reconfigure(slowMilliseconds == 0
            ? next with { SlowCallDuration = null, CountSlowInFlight = false }
            : next with { SlowCallDuration = TimeSpan.FromMilliseconds(slowMilliseconds) });
        _clock.Advance(TimeSpan.FromSeconds(3));
        breaker.TryAcquire(out _);
        Assert.Equal(expected, breaker.State);
    }

    [Fact]
    public void WhenCallsAreTimedFromNowOn_ThoseUnderWayAreNotSlow_AndStillCount()
    {
        var breaker = Make(s_options);
        breaker.TryAcquire(out var untimed);
        breaker.Reconfigure(s_options with { SlowCallRatio = 0.5, SlowCallDuration = s_slow });
        breaker.TryAcquire(out var timed);
        _clock.Advance(TimeSpan.FromSeconds(10));
        untimed.Success();
        timed.Success();
        Assert.Equal((2L, 1L, null), (breaker.Snapshot.Calls, breaker.Snapshot.SlowCalls, breaker.Snapshot.SlowCallRatio));
        Report(breaker, "..");
        Assert.Equal((0.25, 0.0), (breaker.Snapshot.SlowCallRatio, breaker.Snapshot.FailureRatio));
    }

    [Fact]
    public void WhenCallsAreNotTimed_OnlyThoseReportedAsSlowAre()
    {
        var breaker = Make(s_options with { SlowCallRatio = 0.9 });
        for (var i = 0; i < 4; i++)
        {
            breaker.TryAcquire(out var permit);
            _clock.Advance(TimeSpan.FromHours(1));
            if (i == 0)
            {
                permit.SlowSuccess();
            }
            else
            {
                permit.Success();
            }
        }

        Assert.Equal(0.25, breaker.Snapshot.SlowCallRatio);
    }

    [Fact]
    public void WhenTheCallerHasMeasuredACall_ItIsAsSlowAsHeSays()
    {
        var breaker = Make(s_options with { SlowCallRatio = 0.9, SlowCallDuration = s_slow });
        breaker.TryAcquire(out var brisk);
        breaker.TryAcquire(out var slow);
        _clock.Advance(TimeSpan.FromHours(1));
        brisk.Report(Health.Good, slow: false, now: -1);
        slow.Report(Health.Good, slow: true, now: -1);
        Assert.Equal((2L, 1L), (breaker.Snapshot.Calls, breaker.Snapshot.SlowCalls));
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(100, false)]
    public void WhenThePipelineHasReadTheCoarseClock_ACallIsTimedOnTheClockOfItsThreshold(int slowMilliseconds, bool fine)
    {
        // The two scales of the system's time have origins of their own: a start on the one must not be taken from an end on the other.
        var breaker = new CircuitBreaker(s_options with { SlowCallRatio = 0.5, SlowCallDuration = TimeSpan.FromMilliseconds(slowMilliseconds) });
        var before = Clock.System.Fine;
        Assert.True(breaker.Enter(breaker.Current, now: 42, deadline: 0, out var permit));
        Assert.Equal(fine, permit.Stamp >= before && permit.Stamp <= Clock.System.Fine);
        Assert.Equal(!fine, permit.Stamp == 42);
    }

    [Fact]
    public void WhenTheKindOfWindowChanges_TheStateStays_AndTheWindowStartsEmpty()
    {
        var breaker = Make(s_options);
        Report(breaker, "x.");
        breaker.Reconfigure(s_options with { Window = CircuitWindow.Time(TimeSpan.FromSeconds(30)) });
        Assert.Equal((CircuitState.Closed, 0L, 0L), (breaker.State, breaker.Snapshot.Calls, breaker.Snapshot.Generation));
    }

    [Fact]
    public void WhenOutcomesAreOld_TheNextFailureStartsAfresh()
    {
        var breaker = Make(s_options with { Window = CircuitWindow.Calls(10, maxAge: TimeSpan.FromMinutes(1)) });
        Report(breaker, "xxx");
        _clock.Advance(TimeSpan.FromMinutes(2));
        Report(breaker, "x");
        Assert.Equal((CircuitState.Closed, 1L), (breaker.State, breaker.Snapshot.Calls));
    }

    [Fact]
    public void WhenInTheShadow_ItAdmitsAll_AndCountsWhatItWouldHaveRefused()
    {
        var breaker = Make(s_options);
        breaker.Shadow();
        Report(breaker, "xxxx");
        Assert.Equal((CircuitState.Shadow, CircuitState.Open), (breaker.State, breaker.Snapshot.DecidingState));
        Report(breaker, "xx.");
        Assert.Equal((3L, 0L, TimeSpan.Zero), (breaker.Snapshot.WouldHaveRejected, breaker.Snapshot.Rejected, breaker.RetryAfter));
    }

    [Fact]
    public void WhenDisabled_ItRecordsAndNeverOpens()
    {
        var breaker = Make(s_options with { ConsecutiveFailures = 2 });
        breaker.Disable();
        Report(breaker, "xxxxxx");
        Assert.Equal((CircuitState.Disabled, 6L), (breaker.State, breaker.Snapshot.Failures));
    }

    [Fact]
    public void WhenThereAreTooFewCalls_TheSnapshotHasNoRatio()
    {
        var breaker = Make(s_options);
        Report(breaker, "x..");
        Assert.Null(breaker.Snapshot.FailureRatio);
        Report(breaker, ".");
        Assert.Equal(0.25, breaker.Snapshot.FailureRatio);
    }

    [Fact]
    public void WhenATimeWindowIsIdle_TheSnapshotIsEmpty_AndSaysWhatItCovers()
    {
        var breaker = Make(s_options with { Window = CircuitWindow.Time(TimeSpan.FromSeconds(30)) });
        Report(breaker, "x.");
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((2L, TimeSpan.FromSeconds(10)), (breaker.Snapshot.Calls, breaker.Snapshot.Covered));
        _clock.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal((0L, TimeSpan.FromSeconds(30)), (breaker.Snapshot.Calls, breaker.Snapshot.Covered));
    }

    [Fact]
    public void WhenTheSystemsTimeIsUsed_TheTickServesSuccesses()
    {
        var breaker = new CircuitBreaker(new CircuitBreakerOptions { MinimumCalls = 1_000_000 });
        for (var i = 0; i < 50_000; i++)
        {
            breaker.TryAcquire(out var permit);
            permit.Success();
        }

        Assert.Equal(50_000, breaker.Snapshot.Calls);
        Assert.InRange(Clock.System.Coarse - CoarseTick.Now, 0, TimeSpan.FromMinutes(1).Ticks);
    }

    private static void Report(CircuitBreaker breaker, string outcomes)
    {
        foreach (var outcome in outcomes)
        {
            Assert.True(breaker.TryAcquire(out var permit));
            Say(ref permit, outcome);
        }
    }

    private static void Say(ref Permit permit, char outcome)
    {
        if (outcome == 'x')
        {
            permit.Failure();
        }
        else
        {
            permit.Success();
        }
    }

    private CircuitBreaker Make(CircuitBreakerOptions options) => new(options, _clock);
}
