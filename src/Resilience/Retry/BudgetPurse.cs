namespace Resilience;

/// <summary>A call's side of a shared <see cref="RetryBudget"/>.</summary>
/// <remarks>
/// The debt lies in the upper half of the slot's first number. The reference is set while a retry is granted and not begun: whatever keeps
/// it from beginning, its price goes back.
/// </remarks>
internal readonly struct BudgetPurse(RetryBudget budget) : IRetryPurse
{
    private const int DebtShift = 32;
    private static readonly object s_granted = new();

    public bool IsForeign => budget is not (LeakyBucketBudget or InFlightBudget or TokenPairBudget or CostBudget);

    public TimeProvider? TimeProvider => budget.TimeProvider;

    public void OnStart() => budget.OnStart();

    public void OnAttempt(ref CallFrame frame, ref Slot slot)
    {
        switch (frame.Verdict.Health)
        {
            case Health.Bad:
                budget.OnFailure();
                break;
            case Health.None when frame.IsTurnedBack:
                // It never reached the dependency.
                Refund(ref slot);
                break;
        }
    }

    public bool TryWithdraw(ref CallFrame frame, ref Slot slot)
    {
        var debt = Debt(slot);
        if (!budget.TryWithdraw(frame.Exception is TimeoutException or { InnerException: TimeoutException }, ref debt))
        {
            return false;
        }

        slot.First = (uint)slot.First | ((long)debt.Amount << DebtShift);
        slot.Reference = s_granted;
        return true;
    }

    public ValueTask Watch(ValueTask hook, ref Slot slot)
    {
        var pending = new PendingHook();
        slot.Reference = pending;
        return pending.WatchAsync(hook);
    }

    public void ThrowIfFailed(ref Slot slot) => (slot.Reference as PendingHook)?.ThrowIfFailed();

    public void OnAgain(ref Slot slot) => slot.Reference = null;

    public void OnEnd(ref Slot slot, bool success)
    {
        if (slot.Reference is not null)
        {
            slot.Reference = null;
            Refund(ref slot);
        }

        var debt = Take(ref slot);
        budget.OnEnd(success, ref debt);
    }

    private static RetryDebt Debt(in Slot slot) => new((int)(slot.First >> DebtShift));

    private static RetryDebt Take(ref Slot slot)
    {
        var debt = Debt(slot);
        slot.First = (uint)slot.First;
        return debt;
    }

    private void Refund(ref Slot slot)
    {
        var debt = Take(ref slot);
        budget.Settle(success: true, ref debt);
    }
}
