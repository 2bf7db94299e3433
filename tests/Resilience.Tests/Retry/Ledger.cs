namespace Resilience.Tests.Retry;

/// <summary>A budget that counts what it is told, and grants as many retries as it is given.</summary>
internal sealed class Ledger(int grants = int.MaxValue) : RetryBudget
{
    private int _left = grants;
    private int _starts;
    private int _ends;
    private int _successes;
    private int _failures;
    private int _granted;
    private int _outstanding;
    private int _refunded;

    public Func<bool>? Throws { get; init; }

    public int Starts => _starts;

    public int Ends => _ends;

    public int Successes => _successes;

    public int Failures => _failures;

    public int Granted => _granted;

    /// <summary>Debts that were granted and not settled yet.</summary>
    public int Outstanding => _outstanding;

    /// <summary>Grants that came back with success: the retry did its work, or was never made.</summary>
    public int Refunded => _refunded;

    public List<bool> AfterTimeout { get; } = [];

    public override void OnStart() => Interlocked.Increment(ref _starts);

    public override void OnFailure()
    {
        Interlocked.Increment(ref _failures);
        if (Throws?.Invoke() == true)
        {
            throw new NotSupportedException("budget");
        }
    }

    protected override int Withdraw(bool afterTimeout, int owed)
    {
        if (Interlocked.Decrement(ref _left) < 0)
        {
            return 0;
        }

        lock (AfterTimeout)
        {
            AfterTimeout.Add(afterTimeout);
        }

        Interlocked.Increment(ref _granted);
        Interlocked.Add(ref _outstanding, owed == 0 ? 1 : 0);
        return 1;
    }

    protected override void GiveBack(bool success, int owed)
    {
        Interlocked.Decrement(ref _outstanding);
        Interlocked.Add(ref _refunded, success ? 1 : 0);
    }

    protected override void End(bool success, bool retried)
    {
        Interlocked.Increment(ref _ends);
        Interlocked.Add(ref _successes, success ? 1 : 0);
    }
}
