using FsCheck;
using FsCheck.Experimental;
using FsCheck.Fluent;

namespace Resilience.Tests.Retry;

/// <summary>Each budget against its naive model, and the same suite against budgets with one thing wrong.</summary>
public sealed class RetryBudgetModelTests
{
    private static readonly Config s_config =
        Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(200).WithQuietOnSuccess(true).WithName("retry budget");

    [Fact]
    public void WhenLeakyBucketRuns_ItAgreesWithTheList() => Run(
        time => new LeakyBucketBudget(new() { MinimumPerSecond = 2 }, time), RetryBudgetRules.LeakyBucket);

    [Fact]
    public void WhenInFlightRuns_ItAgreesWithTheList() => Run(_ => new InFlightBudget(new() { Minimum = 2 }), RetryBudgetRules.InFlight);

    [Fact]
    public void WhenTokenPairRuns_ItAgreesWithTheList() => Run(
        _ => new TokenPairBudget(new() { MaxTokens = 4, TokenRatio = 0.5 }), RetryBudgetRules.TokenPair);

    [Fact]
    public void WhenCostRuns_ItAgreesWithTheList() => Run(_ => new CostBudget(new() { Capacity = 50 }), RetryBudgetRules.Cost);

    [Theory]
    [InlineData(BudgetBug.IgnoresMinimum)]
    [InlineData(BudgetBug.CountsAHeldPlaceTwice)]
    [InlineData(BudgetBug.ForgetsToGiveBack)]
    [InlineData(BudgetBug.GivesBackWhenRefused)]
    [InlineData(BudgetBug.GrantsOneTooMany)]
    public void WhenInFlightHasABug_TheSuiteCatchesIt(BudgetBug bug) => MustFail(_ => new BuggyInFlight(bug), RetryBudgetRules.InFlight);

    [Theory]
    [InlineData(BudgetBug.IgnoresMinimum)]
    [InlineData(BudgetBug.NeverLeaks)]
    [InlineData(BudgetBug.LosesTheRefillOfARefusal)]
    [InlineData(BudgetBug.GrantsOneTooMany)]
    public void WhenLeakyBucketHasABug_TheSuiteCatchesIt(BudgetBug bug) => MustFail(
        time => new BuggyLeaky(bug, time), RetryBudgetRules.LeakyBucket);

    [Theory]
    [InlineData(BudgetBug.GrantsAtHalf)]
    [InlineData(BudgetBug.FallsBelowZero)]
    [InlineData(BudgetBug.GrowsBeyondCapacity)]
    public void WhenTokenPairHasABug_TheSuiteCatchesIt(BudgetBug bug) => MustFail(_ => new BuggyTokens(bug), RetryBudgetRules.TokenPair);

    [Theory]
    [InlineData(BudgetBug.GivesBackOnFailure)]
    [InlineData(BudgetBug.ForgetsToGiveBack)]
    [InlineData(BudgetBug.IgnoresTimeouts)]
    [InlineData(BudgetBug.GrowsBeyondCapacity)]
    public void WhenCostHasABug_TheSuiteCatchesIt(BudgetBug bug) => MustFail(_ => new BuggyCost(bug), RetryBudgetRules.Cost);

    // The seeded budgets without their bug pass: it is the bug that is caught, not the way they are written.
    [Fact]
    public void WhenTheSeededBudgetsHaveNoBug_TheyAgreeToo()
    {
        Run(_ => new BuggyInFlight(BudgetBug.None), RetryBudgetRules.InFlight);
        Run(time => new BuggyLeaky(BudgetBug.None, time), RetryBudgetRules.LeakyBucket);
        Run(_ => new BuggyTokens(BudgetBug.None), RetryBudgetRules.TokenPair);
        Run(_ => new BuggyCost(BudgetBug.None), RetryBudgetRules.Cost);
    }

    private static void Run(Func<TimeProvider, RetryBudget> make, Func<RetryBudgetModel, int, bool, bool> rule) =>
        Check.One(s_config, new RetryBudgetMachine(make, rule).ToProperty());

    // A fixed seed: whether a bug is caught must not depend on the run.
    private static void MustFail(Func<TimeProvider, RetryBudget> make, Func<RetryBudgetModel, int, bool, bool> rule) =>
        Assert.ThrowsAny<Exception>(() => Check.One(s_config.WithReplay(1, 3), new RetryBudgetMachine(make, rule).ToProperty()));
}
