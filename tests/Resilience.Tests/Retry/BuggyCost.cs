namespace Resilience.Tests.Retry;

/// <summary>50 tokens, 5 a retry, 10 after a timeout, a success returns the cost or 1, for one thread.</summary>
internal sealed class BuggyCost(BudgetBug bug) : RetryBudget
{
    private int _tokens = 50;

    protected override int Withdraw(bool afterTimeout, int owed)
    {
        var cost = afterTimeout && bug != BudgetBug.IgnoresTimeouts ? 10 : 5;
        if (_tokens < cost)
        {
            return 0;
        }

        _tokens -= cost;
        return cost;
    }

    protected override void GiveBack(bool success, int owed)
    {
        if ((success && bug != BudgetBug.ForgetsToGiveBack) || bug == BudgetBug.GivesBackOnFailure)
        {
            Add(owed);
        }
    }

    protected override void End(bool success, bool retried)
    {
        if (success && !retried)
        {
            Add(1);
        }
    }

    private void Add(int amount) => _tokens = bug == BudgetBug.GrowsBeyondCapacity ? _tokens + amount : Math.Min(50, _tokens + amount);
}
