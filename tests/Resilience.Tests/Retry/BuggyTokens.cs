namespace Resilience.Tests.Retry;

/// <summary>Above half of 4 tokens, −1 a failure, +0.5 a success, for one thread.</summary>
internal sealed class BuggyTokens(BudgetBug bug) : RetryBudget
{
    private int _tokens = 8;

    public override void OnFailure() => _tokens = bug == BudgetBug.FallsBelowZero ? _tokens - 2 : Math.Max(0, _tokens - 2);

    protected override int Withdraw(bool afterTimeout, int owed) => _tokens > 4 || (bug == BudgetBug.GrantsAtHalf && _tokens == 4) ? 1 : 0;

    protected override void End(bool success, bool retried)
    {
        if (success)
        {
            _tokens = bug == BudgetBug.GrowsBeyondCapacity ? _tokens + 1 : Math.Min(8, _tokens + 1);
        }
    }
}
