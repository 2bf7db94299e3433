namespace Resilience.Tests.Retry;

/// <summary>20 % of calls and 2 a second over 10 s, for one thread.</summary>
internal sealed class BuggyLeaky(BudgetBug bug, TimeProvider time) : RetryBudget
{
    private readonly long _start = time.GetTimestamp();
    private long _balance;
    private long _at;

    public override void OnStart()
    {
        Relax();
        _balance += 200;
    }

    protected override int Withdraw(bool afterTimeout, int owed)
    {
        var (balance, at) = (_balance, _at);
        Relax();
        var reserve = bug == BudgetBug.IgnoresMinimum ? 0 : 20_000;
        if (_balance - (bug == BudgetBug.GrantsOneTooMany ? 0 : 1_000) >= -reserve)
        {
            _balance -= 1_000;
            return 1;
        }

        _balance = balance;
        _at = bug == BudgetBug.LosesTheRefillOfARefusal ? _at : at;
        return 0;
    }

    private void Relax()
    {
        var now = (long)time.GetElapsedTime(_start).TotalMilliseconds;
        var elapsed = now - _at;
        if (_balance <= 0)
        {
            _balance = Math.Min(0, _balance + (2 * elapsed));
        }
        else if (bug != BudgetBug.NeverLeaks)
        {
            _balance = Math.Max(0, _balance - (long)Math.Ceiling(_balance * elapsed / 10_000m));
        }

        _at = now;
    }
}
