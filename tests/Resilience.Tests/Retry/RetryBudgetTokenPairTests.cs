namespace Resilience.Tests.Retry;

public sealed class RetryBudgetTokenPairTests : RetryBudgetContract
{
    protected override string Description => "retries above half of 10 tokens, -1 a failure, +0.1 a success";

    [Fact]
    public void WhenFiveAttemptsFailed_RetriesStopAtExactlyHalf()
    {
        var budget = new TokenPairBudget();
        for (var failure = 1; failure <= 5; failure++)
        {
            budget.OnFailure();
            Assert.Equal(10 - failure, budget.Tokens);
            Assert.Equal(failure < 5, IsGranted(budget));
        }
    }

    [Fact]
    public void WhenOneSuccessFollows_RetriesAreGrantedAgain()
    {
        var budget = new TokenPairBudget();
        Fail(budget, 5);
        Assert.False(IsGranted(budget));
        Succeed(budget, 1);
        Assert.Equal(5.1, budget.Tokens);
        Assert.True(IsGranted(budget));
    }

    [Fact]
    public void WhenFailuresGoOn_TokensStopAtZero_AndFiftyOneSuccessesBringRetriesBack()
    {
        var budget = new TokenPairBudget();
        Fail(budget, 1_000);
        Assert.Equal(0, budget.Tokens);
        Succeed(budget, 50);
        Assert.False(IsGranted(budget));
        Succeed(budget, 1);
        Assert.True(IsGranted(budget));
    }

    [Fact]
    public void WhenSuccessesGoOn_TokensStopAtTheirMost()
    {
        var budget = new TokenPairBudget();
        Succeed(budget, 1_000);
        Assert.Equal(10, budget.Tokens);
    }

    [Fact]
    public void WhenRetriesAreGranted_TheyCostNothing()
    {
        var budget = new TokenPairBudget();
        for (var i = 0; i < 100; i++)
        {
            Assert.True(IsGranted(budget));
        }

        Assert.Equal(10, budget.Tokens);
    }

    [Fact]
    public void WhenMaxTokensIsOdd_HalfIsNotRounded()
    {
        var budget = new TokenPairBudget(new() { MaxTokens = 5, TokenRatio = 0.5 });
        Fail(budget, 2);
        Assert.True(IsGranted(budget));
        Fail(budget, 1);
        Succeed(budget, 1);
        Assert.Equal(2.5, budget.Tokens);
        Assert.False(IsGranted(budget));
    }

    [Theory]
    [InlineData(0, 0.1, "MaxTokens is 0; it must lie between 1 and 1000.")]
    [InlineData(1_001, 0.1, "MaxTokens is 1001; it must lie between 1 and 1000.")]
    [InlineData(10, 0, "TokenRatio is 0; it must lie between 0.001 and 1000.")]
    [InlineData(10, double.NaN, "TokenRatio is NaN; it must lie between 0.001 and 1000.")]
    [InlineData(10, 1_001, "TokenRatio is 1001; it must lie between 0.001 and 1000.")]
    public void WhenAnOptionIsOutOfRange_TheMessageNamesIt(int tokens, double ratio, string message) => Assert.StartsWith(
        message,
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenPairBudget(new() { MaxTokens = tokens, TokenRatio = ratio })).Message,
        StringComparison.Ordinal);

    protected override RetryBudget Create() => new TokenPairBudget();

    protected override object Level(RetryBudget budget) => ((TokenPairBudget)budget).Tokens;

    private static bool IsGranted(RetryBudget budget)
    {
        var debt = default(RetryDebt);
        return budget.TryWithdraw(afterTimeout: false, ref debt);
    }

    private static void Fail(RetryBudget budget, int count)
    {
        for (var i = 0; i < count; i++)
        {
            budget.OnFailure();
        }
    }

    private static void Succeed(RetryBudget budget, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var none = default(RetryDebt);
            budget.OnEnd(success: true, ref none);
        }
    }
}
