using Resilience.Testing;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>A keyed breaker's two words under every schedule with up to three preemptions.</summary>
public sealed class SmallBreakerInterleavingTests
{
    private const int Bound = 3;

    private static readonly CircuitBreakerOptions s_options = new()
    {
        FailureRatio = 0.5,
        MinimumCalls = 2,
        Window = CircuitWindow.Calls(5),
        ProbeLease = TimeSpan.FromSeconds(3),
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhenItIsIsolatedWhileItsProbeReports_ItEndsIsolated(bool failed) =>
        Explorer.Exhaust(2, _ =>
        {
            var (breaker, probe, _) = Probed();
            return ([() => Report(probe, failed), () => breaker.Force(SmallState.KindOf.Isolated)], () => breaker.Shown == CircuitState.Isolated);
        }, Bound).MustHold("interleavings: small breaker, a probe and an isolation");

    [Fact]
    public void WhenItIsHalfOpenAgainWhileAnOldProbeReports_TheOldResultMovesNothing() =>
        Explorer.Exhaust(2, _ =>
        {
            var (breaker, probe, clock) = Probed();
            return ([() => Report(probe, failed: false), Renew], () => breaker.Shown == CircuitState.HalfOpen);

            void Renew()
            {
                breaker.Force(SmallState.KindOf.Closed);
                Open(breaker, clock);
                breaker.TryEnter(out var _);
            }
        }, Bound).MustHold("interleavings: small breaker, an old probe and a new one");

    [Fact]
    public void WhenAnOverdueProbeReportsWhileItsLeasePassesOn_ItsResultCounts() =>
        Explorer.Exhaust(2, _ =>
        {
            var (breaker, probe, clock) = Probed();
            clock.Advance(s_options.ProbeLease);
            return ([() => Report(probe, failed: false), () => breaker.TryEnter(out var _)], () => breaker.Shown == CircuitState.Closed);
        }, Bound).MustHold("interleavings: small breaker, an overdue probe");

    [Fact]
    public void WhenAProbeIsGivenBackWhileItsLeaseIsSeenOverdue_ThePlaceIsFree() =>
        Explorer.Exhaust(2, _ =>
        {
            var (breaker, probe, clock) = Probed();
            clock.Advance(s_options.ProbeLease);
            var entry = Admission.Over;
            return (
                [() => probe.Ignore(), () => entry = breaker.TryEnter(out var _)],
                () => breaker.Shown == CircuitState.HalfOpen && (entry == Admission.Admitted) != (breaker.TryEnter(out var _) == Admission.Admitted));
        }, Bound).MustHold("interleavings: small breaker, a probe given back");

    [Fact]
    public void WhenItIsResetWhileACallReports_OnlyWhatCameAfterCounts() =>
        Explorer.Exhaust(2, _ =>
        {
            var breaker = Make(new ManualClock());
            breaker.TryEnter(out var before);
            return ([() => Report(before, failed: true), ResetAndFail], () => breaker is { Shown: CircuitState.Closed, Tally: { Calls: 1, Failures: 1 } });

            void ResetAndFail()
            {
                breaker.Force(SmallState.KindOf.Closed);
                breaker.TryEnter(out var after);
                after.Failure();
            }
        }, Bound).MustHold("interleavings: small breaker, a reset and a report");

    private static SmallBreaker<Explored> Make(ManualClock clock) => new(new SmallRules(s_options, Clock.For(clock), null, false));

    private static (SmallBreaker<Explored> Breaker, Permit Probe, ManualClock Clock) Probed()
    {
        var clock = new ManualClock();
        var breaker = Make(clock);
        Open(breaker, clock);
        Assert.Equal(Admission.Admitted, breaker.TryEnter(out var probe));
        return (breaker, probe, clock);
    }

    private static void Open(SmallBreaker<Explored> breaker, ManualClock clock)
    {
        for (var i = 0; i < s_options.MinimumCalls; i++)
        {
            breaker.TryEnter(out var permit);
            permit.Failure();
        }

        clock.Advance(s_options.BreakDuration);
    }

    private static void Report(Permit permit, bool failed)
    {
        if (failed)
        {
            permit.Failure();
        }
        else
        {
            permit.Success();
        }
    }
}
