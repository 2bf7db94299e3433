using Resilience.Tests.Execution;

namespace Resilience.Tests.Hedging;

/// <summary>The same with a strategy inside, so that each attempt is a call of its own.</summary>
[Collection(Allocations.Alone)]
public sealed class HedgingOfCallsAllocationTests : HedgingAllocationTests
{
    private protected override Strategy[] Inside => [new Passing()];
}
