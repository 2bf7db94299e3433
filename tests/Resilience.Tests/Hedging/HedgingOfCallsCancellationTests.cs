namespace Resilience.Tests.Hedging;

/// <summary>The same with a strategy inside, so that each attempt is a call of its own.</summary>
public sealed class HedgingOfCallsCancellationTests : HedgingCancellationTests
{
    private protected override Strategy[] Inside => [new Passing()];
}
