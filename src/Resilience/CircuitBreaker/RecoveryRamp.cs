namespace Resilience;

/// <summary>Admits a share of calls that grows evenly from 1 % to all: each call adds the share, one goes through at each whole.</summary>
internal sealed class RecoveryRamp<TI>(long since, long ticks)
    where TI : struct, IInterleaving
{
    private const long Whole = 1L << 32;
    private long _sum;

    internal bool IsOver(long now) => now - since >= ticks;

    internal bool TryEnter(long now)
    {
        var share = (Whole / 100) + (long)(Whole * 0.99 * (now - since) / ticks);
        TI.Point(54);
        var sum = Interlocked.Add(ref _sum, share);
        return sum / Whole != (sum - share) / Whole;
    }
}
