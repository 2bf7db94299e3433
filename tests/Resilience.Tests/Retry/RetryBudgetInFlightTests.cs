namespace Resilience.Tests.Retry;

public sealed class RetryBudgetInFlightTests : RetryBudgetContract
{
    protected override string Description => "retries in flight up to 20 % of calls in flight, at least 3";

    [Theory]
    [InlineData(1, 3)]
    [InlineData(15, 3)]
    [InlineData(19, 3)]
    [InlineData(20, 4)]
    [InlineData(100, 20)]
    public void WhenCallsAreInFlight_AFifthOfThemButAtLeastThreeMayRetry(int calls, int retries)
    {
        var budget = new InFlightBudget();
        Start(budget, calls);
        Assert.Equal(retries, Take(budget).Count);
        Assert.Equal((calls, retries), (budget.Calls, budget.Retries));
    }

    [Fact]
    public void WhenCallsEnd_RetriesUnderWayStay_AndNewOnesWaitUntilThereAreFewer()
    {
        var budget = new InFlightBudget();
        Start(budget, 100);
        var debts = Take(budget);
        for (var i = 0; i < 80; i++)
        {
            var none = default(RetryDebt);
            budget.OnEnd(success: true, ref none);
        }

        Assert.Equal((20, 20), (budget.Calls, budget.Retries));
        Assert.Empty(Take(budget));
        for (var i = 0; i < 18; i++)
        {
            var debt = debts[i];
            budget.OnEnd(success: false, ref debt);
        }

        Assert.Equal((2, 2), (budget.Calls, budget.Retries));
        Assert.Single(Take(budget));
    }

    [Fact]
    public void WhenACallRetriesAgain_ItKeepsItsPlace()
    {
        var budget = new InFlightBudget();
        Start(budget, 3);
        var debts = Take(budget);
        for (var again = 0; again < 10; again++)
        {
            var debt = debts[0];
            Assert.True(budget.TryWithdraw(afterTimeout: false, ref debt));
            Assert.Equal(3, budget.Retries);
        }
    }

    [Fact]
    public void WhenTheShareHasShrunkBelowAPlaceHeld_TheNextRetryOfThatCallIsRefused_AndItsPlaceGivenBackAtItsEnd()
    {
        var budget = new InFlightBudget(new() { Minimum = 1, Share = 1 });
        Start(budget, 2);
        var debts = Take(budget);
        var none = default(RetryDebt);
        budget.OnEnd(success: true, ref none);
        var debt = debts[0];
        Assert.False(budget.TryWithdraw(afterTimeout: false, ref debt));
        Assert.Equal(2, budget.Retries);
        budget.OnEnd(success: false, ref debt);
        Assert.Equal((0, 1), (budget.Calls, budget.Retries));
    }

    [Fact]
    public void WhenAHedgedAttemptEndsBeforeItsCall_OnlyItsPlaceIsGivenBack()
    {
        var budget = new InFlightBudget();
        Start(budget, 1);
        var debt = Take(budget)[0];
        budget.Settle(success: false, ref debt);
        Assert.Equal((1, 2), (budget.Calls, budget.Retries));
    }

    [Fact]
    public void WhenNoShareAndNoMinimum_NothingIsGranted()
    {
        var budget = new InFlightBudget(new() { Share = 0, Minimum = 0 });
        Start(budget, 10);
        Assert.Empty(Take(budget));
    }

    [Theory]
    [InlineData(-0.1, 3, "Share is -0.1; it must lie between 0 and 1.")]
    [InlineData(1.1, 3, "Share is 1.1; it must lie between 0 and 1.")]
    [InlineData(double.NaN, 3, "Share is NaN; it must lie between 0 and 1.")]
    [InlineData(0.2, -1, "Minimum is -1; it must lie between 0 and 1000000.")]
    [InlineData(0.2, 1_000_001, "Minimum is 1000001; it must lie between 0 and 1000000.")]
    public void WhenAnOptionIsOutOfRange_TheMessageNamesIt(double share, int minimum, string message) => Assert.StartsWith(
        message,
        Assert.Throws<ArgumentOutOfRangeException>(() => new InFlightBudget(new() { Share = share, Minimum = minimum })).Message,
        StringComparison.Ordinal);

    protected override RetryBudget Create() => new InFlightBudget();

    protected override object Level(RetryBudget budget) => (((InFlightBudget)budget).Calls, ((InFlightBudget)budget).Retries);

    private static void Start(RetryBudget budget, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            budget.OnStart();
        }
    }

    private static List<RetryDebt> Take(RetryBudget budget)
    {
        var debts = new List<RetryDebt>();
        for (var debt = default(RetryDebt); budget.TryWithdraw(afterTimeout: false, ref debt); debt = default)
        {
            debts.Add(debt);
        }

        return debts;
    }
}
