namespace Resilience;

/// <summary>
/// How many retries all calls that share it may make together, so that a failing dependency is not answered with a multiple of the load.
/// It decides about retries only: a call that has started is never refused or ended by it. Share one object between the pipelines that
/// reach the same dependency. Safe for concurrent use without a lock; every operation takes constant time and allocates nothing.
/// </summary>
/// <remarks>
/// A call says <see cref="OnStart"/>, then <see cref="OnFailure"/> for each attempt that failed, asks <see cref="TryWithdraw"/> before each
/// retry, and says <see cref="OnEnd"/> exactly once, whatever became of it.
/// </remarks>
public abstract class RetryBudget
{
    private long _rejections;

    /// <summary>How many retries were refused so far.</summary>
    public long Rejections => Volatile.Read(ref _rejections);

    /// <summary>The provider whose time it holds, which must then be the pipeline's; null for none.</summary>
    internal virtual TimeProvider? TimeProvider => null;

    /// <summary>A call starts its first attempt.</summary>
    public virtual void OnStart()
    {
    }

    /// <summary>An attempt failed in a way that speaks against the dependency, whether it is retried or not.</summary>
    public virtual void OnFailure()
    {
    }

    /// <summary>Asks for one more attempt. A refusal changes nothing but <see cref="Rejections"/>.</summary>
    /// <param name="afterTimeout">Whether the attempt that failed had timed out.</param>
    /// <param name="debt">What the call owes for its last retry, which must have ended; replaced when the retry is granted.</param>
    /// <returns>Whether the retry is granted.</returns>
    public bool TryWithdraw(bool afterTimeout, ref RetryDebt debt)
    {
        var owed = Withdraw(afterTimeout, debt.Amount);
        if (owed <= 0)
        {
            Interlocked.Increment(ref _rejections);
            return false;
        }

        debt.Amount = owed;
        return true;
    }

    /// <summary>
    /// An attempt that was granted has ended while its call goes on, as hedged attempts do. Does nothing when nothing is owed.
    /// </summary>
    /// <param name="success">Whether the attempt succeeded.</param>
    /// <param name="debt">What was owed for it; nothing afterwards.</param>
    public void Settle(bool success, ref RetryDebt debt)
    {
        if (debt.Amount != 0)
        {
            GiveBack(success, debt.Amount);
            debt.Amount = 0;
        }
    }

    /// <summary>A call has ended.</summary>
    /// <param name="success">Whether it succeeded; a call that was cancelled did not.</param>
    /// <param name="debt">What it owed for its last retry; nothing afterwards.</param>
    public void OnEnd(bool success, ref RetryDebt debt)
    {
        var retried = debt.Amount != 0;
        Settle(success, ref debt);
        End(success, retried);
    }

    /// <summary>Takes one retry out of the budget.</summary>
    /// <param name="afterTimeout">Whether the attempt that failed had timed out.</param>
    /// <param name="owed">What the call owes for its last retry, or 0.</param>
    /// <returns>What it owes from now on, above 0; or 0 when the retry is refused, and then nothing has changed.</returns>
    protected abstract int Withdraw(bool afterTimeout, int owed);

    /// <summary>An attempt that was granted has ended.</summary>
    /// <param name="success">Whether the attempt succeeded.</param>
    /// <param name="owed">What was owed for it, above 0.</param>
    protected virtual void GiveBack(bool success, int owed)
    {
    }

    /// <summary>A call has ended, and its debt is settled.</summary>
    /// <param name="success">Whether it succeeded.</param>
    /// <param name="retried">Whether its last attempt was a retry.</param>
    protected virtual void End(bool success, bool retried)
    {
    }
}
