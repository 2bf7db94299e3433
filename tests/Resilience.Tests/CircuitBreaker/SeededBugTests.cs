using FsCheck;
using FsCheck.Experimental;
using FsCheck.Fluent;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>Each known-bad variant is caught by the suite that passes the product, and the same program without the bug passes.</summary>
public sealed class SeededBugTests
{
    private const int Bound = 3;

    [Fact]
    public void WhenAWordLosesAnUpdate_LinearizabilityCatchesIt() => Word(SeededWord.Bug.LostUpdate, 3, "x.", ".x");

    [Fact]
    public void WhenAWordIsOneTooLong_LinearizabilityCatchesIt() => Word(SeededWord.Bug.OneTooLong, 2, "x..?", ".");

    [Fact]
    public void WhenAWordDecidesFromAReread_LinearizabilityCatchesIt() => Word(SeededWord.Bug.DecidesFromAReread, 3, "x.", ".x");

    [Fact]
    public void WhenAFullWordForgetsItsSentinel_LinearizabilityCatchesIt() => Word(SeededWord.Bug.FullForgetsItsSentinel, 2, "x.", ".x");

    [Fact]
    public void WhenARingReadsThenWritesTheBit_ItsCountsDrift() => Ring(SeededRing.Bug.ReadsThenWritesTheBit, 1, "x.", ".x");

    [Fact]
    public void WhenARingCountsBeforeItExchanges_ItsCountsDrift() => Ring(SeededRing.Bug.CountsBeforeItExchanges, 1, "x.", ".x");

    [Fact]
    public void WhenARingForgetsEqualBitsWhileFilling_ItNeverFills() => Ring(SeededRing.Bug.ForgetsToCountEqualBitsWhileFilling, 2, "x.", ".x");

    [Fact]
    public void WhenARingDecodesUnsigned_AFailureThatLeavesEarlyCountsAsMany() => Ring(SeededRing.Bug.DecodesUnsigned, 1, "x.", ".x");

    [Fact]
    public void WhenTwoThreadsCountInOneLine_CallsAreLost()
    {
        Func<Explorer, (Action[], Func<bool>)> shared = _ =>
        {
            var counter = new StripedCounter<Explored>(owned: 2);
            Action body = () =>
            {
                ThreadSlot.Assume(1);
                counter.Increment(0);
            };
            return ([body, body], () => counter.Sum(0) == 2);
        };
        Explorer.Exhaust(2, shared, Bound).MustFail("seeded bug: one line for two threads");
    }

    [Fact]
    public void WhenPhasesAreComparedThenWritten_TripsAreNotOne() =>
        Breaker(SeededFactory.Bug.ComparesThenWrites, factory => BreakerInterleavings.Trips(factory, 2));

    [Fact]
    public void WhenThePhaseIsComparedThenWritten_MoreProbesGoThrough() =>
        Breaker(SeededFactory.Bug.ComparesThenWrites, factory => BreakerInterleavings.HandOut(factory, 2, 1));

    [Fact]
    public void WhenTheLastWriterWins_AStalledTransitionOverwritesAnIsolation() =>
        Breaker(SeededFactory.Bug.LastWriterWins, BreakerInterleavings.TripAndIsolate);

    [Fact]
    public void WhenOnlyTheStateIsCompared_AnOldPhaseTripsANewOne() =>
        Breaker(SeededFactory.Bug.ComparesTheStateOnly, BreakerInterleavings.ResetMeetsATrip);

    [Fact]
    public void WhenMinimumCallsIsOneOff_TheModelCatchesIt() =>
        Model("minimum calls one off", options => options with { MinimumCalls = options.MinimumCalls + 1, ConfidenceFloor = options.ConfidenceFloor + 1, Window = Wider(options.Window) });

    [Fact]
    public void WhenTheBreakDoesNotGrow_TheModelCatchesIt() => Model("no growth", options => options with { BreakGrowth = 1 });

    [Fact]
    public void WhenALeaseIsLonger_TheModelCatchesIt() => Model("long lease", options => options with { ProbeLease = options.ProbeLease * 2 });

    [Fact]
    public void WhenConsecutiveFailuresAreForgotten_TheModelCatchesIt() =>
        Model("no consecutive failures", options => options with { ConsecutiveFailures = options.ConsecutiveFailures is null ? null : 1_000 });

    private static CircuitWindow Wider(CircuitWindow window) => window.IsTime ? window : CircuitWindow.Calls(window.Count + 1, window.MaxAge);

    private static void Word(SeededWord.Bug bug, int size, params string[] threads)
    {
        Explorer.Exhaust(threads.Length, e => WindowInterleavings.Word(e, new SeededWord(size, SeededWord.Bug.None), size, threads), Bound).MustHold($"no bug: {bug}");
        Explorer.Exhaust(threads.Length, e => WindowInterleavings.Word(e, new SeededWord(size, bug), size, threads), Bound).MustFail($"seeded bug: {bug}");
    }

    private static void Ring(SeededRing.Bug bug, int size, params string[] threads)
    {
        Explorer.Exhaust(threads.Length, _ => WindowInterleavings.Ring(new SeededRing(size, SeededRing.Bug.None), size, threads, w => w.CountCells()), Bound)
            .MustHold($"no bug: {bug}");
        Explorer.Exhaust(threads.Length, _ => WindowInterleavings.Ring(new SeededRing(size, bug), size, threads, w => w.CountCells()), Bound)
            .MustFail($"seeded bug: {bug}");
    }

    private static void Breaker(SeededFactory.Bug bug, Func<PhaseFactory, (Action[], Func<bool>)> program)
    {
        Explorer.Exhaust(2, _ => program(new SeededFactory(SeededFactory.Bug.None)), Bound).MustHold($"no bug: {bug}");
        Explorer.Exhaust(2, _ => program(new SeededFactory(bug)), Bound).MustFail($"seeded bug: {bug}");
    }

    private static void Model(string name, Func<CircuitBreakerOptions, CircuitBreakerOptions> broken)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(3_000).WithEndSize(150).WithQuietOnSuccess(true);
        var property = new BreakerMachine((options, clock) => new CircuitBreaker(broken(options), clock, new PhaseFactory<Production>())).ToProperty();
        Assert.ThrowsAny<Exception>(() => Check.One(config, property));
        Suite.Report($"seeded bug: {name}", "caught by the model");
    }
}
