namespace Resilience.Tests.Retry;

/// <summary>20 % of the calls in flight, at least 2, for one thread.</summary>
internal sealed class BuggyInFlight(BudgetBug bug) : RetryBudget
{
    private int _calls;
    private int _retries;

    public override void OnStart() => _calls++;

    protected override int Withdraw(bool afterTimeout, int owed)
    {
        var held = owed != 0 && bug != BudgetBug.CountsAHeldPlaceTwice ? 1 : 0;
        var limit = Math.Max(bug == BudgetBug.IgnoresMinimum ? 0 : 2, _calls / 5) + (bug == BudgetBug.GrantsOneTooMany ? 1 : 0);
        if (_retries - held >= limit)
        {
            _retries -= bug == BudgetBug.GivesBackWhenRefused ? held : 0;
            return 0;
        }

        _retries += 1 - held;
        return 1;
    }

    protected override void GiveBack(bool success, int owed) => _retries -= bug == BudgetBug.ForgetsToGiveBack ? 0 : 1;

    protected override void End(bool success, bool retried) => _calls--;
}
