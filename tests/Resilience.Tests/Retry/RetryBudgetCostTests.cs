namespace Resilience.Tests.Retry;

public sealed class RetryBudgetCostTests : RetryBudgetContract
{
    protected override string Description => "retries from 500 tokens, 5 each, 10 after a timeout, +1 a success";

    [Fact]
    public void WhenRetriesFollowFailures_AHundredAreGranted() => Assert.Equal(100, Take(new CostBudget(), afterTimeout: false));

    [Fact]
    public void WhenRetriesFollowTimeouts_FiftyAreGranted() => Assert.Equal(50, Take(new CostBudget(), afterTimeout: true));

    [Fact]
    public void WhenFewerTokensAreLeftThanATimeoutCosts_OnlyTheCheaperRetryIsGranted()
    {
        var budget = new CostBudget(new() { Capacity = 15 });
        Assert.Equal(1, Take(budget, afterTimeout: true));
        Assert.Equal(5, budget.Tokens);
        Assert.Equal(1, Take(budget, afterTimeout: false));
        Assert.Equal(0, budget.Tokens);
    }

    [Fact]
    public void WhenARetriedCallSucceeds_WhatItsLastRetryCostComesBack()
    {
        var budget = new CostBudget();
        var debt = default(RetryDebt);
        Assert.True(budget.TryWithdraw(afterTimeout: false, ref debt));
        Assert.True(budget.TryWithdraw(afterTimeout: true, ref debt));
        Assert.Equal(485, budget.Tokens);
        budget.OnEnd(success: true, ref debt);
        Assert.Equal(495, budget.Tokens);
    }

    [Fact]
    public void WhenARetriedCallFails_NothingComesBack()
    {
        var budget = new CostBudget();
        var debt = default(RetryDebt);
        budget.TryWithdraw(afterTimeout: true, ref debt);
        budget.OnEnd(success: false, ref debt);
        Assert.Equal(490, budget.Tokens);
    }

    [Fact]
    public void WhenACallSucceedsAtOnce_OneTokenComesBack_UpToTheCapacity()
    {
        var budget = new CostBudget();
        Take(budget, afterTimeout: false);
        for (var success = 1; success <= 600; success++)
        {
            var none = default(RetryDebt);
            budget.OnEnd(success: true, ref none);
            Assert.Equal(Math.Min(500, success), budget.Tokens);
        }
    }

    [Fact]
    public void WhenHedgedAttemptsEnd_EachSuccessReturnsItsOwnCost()
    {
        var budget = new CostBudget();
        var (first, second) = (default(RetryDebt), default(RetryDebt));
        budget.TryWithdraw(afterTimeout: false, ref first);
        budget.TryWithdraw(afterTimeout: false, ref second);
        budget.Settle(success: false, ref first);
        Assert.Equal(490, budget.Tokens);
        budget.OnEnd(success: true, ref second);
        Assert.Equal(495, budget.Tokens);
    }

    [Theory]
    [InlineData(0, 5, 10, 1, "Capacity is 0; it must lie between 1 and 1000000.")]
    [InlineData(500, 0, 10, 1, "RetryCost is 0 and Capacity 500; RetryCost must lie between 1 and Capacity.")]
    [InlineData(500, 501, 10, 1, "RetryCost is 501 and Capacity 500; RetryCost must lie between 1 and Capacity.")]
    [InlineData(8, 5, 10, 1, "TimeoutRetryCost is 10 and Capacity 8; TimeoutRetryCost must lie between 1 and Capacity.")]
    [InlineData(500, 5, 10, -1, "SuccessIncrement is -1 and Capacity 500; SuccessIncrement must lie between 0 and Capacity.")]
    public void WhenAnOptionIsOutOfRange_TheMessageNamesIt(
        int capacity, int cost, int timeoutCost, int increment, string message) => Assert.StartsWith(
        message,
        Assert.Throws<ArgumentOutOfRangeException>(() => new CostBudget(
            new() { Capacity = capacity, RetryCost = cost, TimeoutRetryCost = timeoutCost, SuccessIncrement = increment })).Message,
        StringComparison.Ordinal);

    protected override RetryBudget Create() => new CostBudget();

    protected override object Level(RetryBudget budget) => ((CostBudget)budget).Tokens;

    private static int Take(RetryBudget budget, bool afterTimeout)
    {
        var taken = 0;
        for (var debt = default(RetryDebt); budget.TryWithdraw(afterTimeout, ref debt); debt = default)
        {
            taken++;
        }

        return taken;
    }
}
