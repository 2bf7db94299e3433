namespace Resilience.Rpc;

/// <summary>
/// Bounds the calls made for lateness: each run adds a share of one, each such call takes one. Starts full, and a run that finds it full writes
/// nothing. Safe for concurrent use without a lock.
/// </summary>
internal sealed class HedgeBudget(double share, int burst)
{
    private const long One = 1_000_000;
    private readonly long _share = (long)(share * One);
    private readonly long _most = burst * One;
    private long _left = share == 0 ? 0 : burst * One;
    private long _denied;

    internal long Denied => Volatile.Read(ref _denied);

    /// <summary>A run begins.</summary>
    internal void Earn()
    {
        var left = Volatile.Read(ref _left);
        while (left < _most)
        {
            var seen = Interlocked.CompareExchange(ref _left, Math.Min(_most, left + _share), left);
            if (seen == left || _share == 0)
            {
                return;
            }

            left = seen;
        }
    }

    /// <summary>Asks for one more call.</summary>
    internal bool TrySpend()
    {
        var left = Volatile.Read(ref _left);
        while (left >= One)
        {
            var seen = Interlocked.CompareExchange(ref _left, left - One, left);
            if (seen == left)
            {
                return true;
            }

            left = seen;
        }

        Interlocked.Increment(ref _denied);
        return false;
    }
}
