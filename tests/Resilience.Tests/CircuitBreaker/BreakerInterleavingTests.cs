using Resilience.Tests.Interleaving;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>The whole breaker under every schedule with up to three preemptions, from two threads and from three.</summary>
public sealed class BreakerInterleavingTests
{
    private const int Bound = 3;

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    public void WhenThreadsRaceForProbes_AsManyAsPermittedGoThrough(int threads, int probes) =>
        Explorer.Exhaust(threads, _ => BreakerInterleavings.HandOut(new PhaseFactory<Explored>(), threads, probes), Bound)
            .MustHold($"interleavings: {threads} threads for {probes} probes");

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public void WhenPermitsAreTakenAndGivenBack_TheHandOutIsLinearizable(int threads, int probes) =>
        Explorer.Exhaust(threads, e => BreakerInterleavings.Places(e, new PhaseFactory<Explored>(), threads, probes), Bound)
            .MustHold($"linearizability: hand-out of {probes} to {threads} threads");

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void WhenSeveralReportsWouldOpenIt_ItOpensOnce_AndTheGeneratorIsAskedOnce(int threads) =>
        Explorer.Exhaust(threads, _ => BreakerInterleavings.Trips(new PhaseFactory<Explored>(), threads), Bound)
            .MustHold($"interleavings: {threads} trips");

    [Fact]
    public void WhenItIsIsolatedWhileItTrips_ItEndsIsolated() => Two("a trip and an isolation", BreakerInterleavings.TripAndIsolate);

    [Fact]
    public void WhenATransitionStalls_TheNewerStateStays() => Two("a stalled trip and a reset", BreakerInterleavings.ResetMeetsATrip);

    [Fact]
    public void WhenAProbeReportsTwice_ItCountsOnce() => Two("a probe reports twice", BreakerInterleavings.ReportsTwice);

    [Fact]
    public void WhenALateReportMeetsTheEndOfTheBreak_ItMovesNothing() => Two("a late report", BreakerInterleavings.LateReport);

    [Fact]
    public void WhenProbesEndTogether_OneDecides() => Two("probes end together", BreakerInterleavings.Decides);

    [Fact]
    public void WhenALeaseIsOverdue_OneMoreProbeGoesThrough() => Two("an overdue lease", f => BreakerInterleavings.Overdue(f, lateReport: false));

    [Fact]
    public void WhenALateProbeMeetsItsSuccessor_ItsResultCounts() => Two("a late probe", f => BreakerInterleavings.Overdue(f, lateReport: true));

    [Fact]
    public void WhenOptionsChangeWhileItTrips_ItStaysOpen_AndTheNewOnesHoldNext() => Two("new options and a trip", BreakerInterleavings.Reconfigures);

    private static void Two(string name, Func<PhaseFactory, (Action[], Func<bool>)> program) =>
        Explorer.Exhaust(2, _ => program(new PhaseFactory<Explored>()), Bound).MustHold($"interleavings: {name}");
}
