using FsCheck;
using FsCheck.Experimental;
using FsCheck.Fluent;
using Resilience.Tests.Interleaving;

namespace Resilience.Tests.CircuitBreaking;

/// <summary>The whole breaker against its model. A failure prints its seed; replay it with <c>WithReplay</c>.</summary>
public sealed class CircuitBreakerModelTests
{
    [Fact]
    public void WhenAnythingHappensInAnyOrder_TheBreakerDoesAsItsModel()
    {
        const int Lives = 1_500;
        var config = Config.QuickThrowOnFailure.WithMaxTest(Lives).WithEndSize(150).WithQuietOnSuccess(true);
        Check.One(config, new BreakerMachine((options, clock) => new CircuitBreaker(options, clock, new PhaseFactory<Production>())).ToProperty());
        Suite.Report("model: whole breaker", $"{Lives:N0} lives");
    }
}
