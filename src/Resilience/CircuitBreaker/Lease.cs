namespace Resilience;

/// <summary>
/// A probe's place while the breaker is half-open. Its word is free, live with its expiry and a nonce, or spent; every change is a
/// compare-exchange of the whole word, so that a permit reports once and a report through an old permit of the same place finds another word.
/// </summary>
internal sealed class Lease<TI> : Reporter
    where TI : struct, IInterleaving
{
    // The word: state in bits 0 and 1, nonce in 2 to 23, expiry in milliseconds since the phase began from 24. Never zero.
    private const long Free = 1;
    private const long Live = 2;
    private const long Spent = 3;
    private const long StateMask = 3;
    private const long NonceStep = 1 << 2;
    private const long NonceMask = ((1 << 22) - 1) << 2;
    private const int ExpiryShift = 24;
    private readonly HalfOpenPhase<TI> _phase;

    // When the probe started, on the clock that measures slow calls. Written and read by the probe that holds the lease.
    private long _start;

    // When an acquirer first saw the lease overdue; zero when none has. A mark that races with the next taker costs that one its grace.
    private long _overdueSince;

    internal Lease(HalfOpenPhase<TI> phase)
    {
        _phase = phase;
        Word = Free;
    }

    internal static bool IsFree(long word) => (word & StateMask) == Free;

    internal static bool IsLive(long word) => (word & StateMask) == Live;

    /// <summary>When a live lease expires, in ticks since the phase began.</summary>
    internal static long Expiry(long word) => (word >> ExpiryShift) * TimeSpan.TicksPerMillisecond;

    /// <summary>Takes a free lease.</summary>
    internal bool TryTake(long seen, long expiry, long start, out Permit permit)
    {
        var milliseconds = (expiry + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        var word = (milliseconds << ExpiryShift) | ((seen + NonceStep) & NonceMask) | Live;
        permit = new Permit(this, word);
        TI.Point(70);
        if (Interlocked.CompareExchange(ref Word, word, seen) != seen)
        {
            return false;
        }

        _start = start;
        Volatile.Write(ref _overdueSince, 0);
        return true;
    }

    /// <summary>Whether the lease was seen overdue a grace ago and still is as it was seen; marks it when it is seen so for the first time.</summary>
    internal bool IsOverdue(long seen, long now, long grace)
    {
        TI.Point(75);
        var since = Volatile.Read(ref _overdueSince);
        if (since == 0)
        {
            TI.Point(76);
            Interlocked.CompareExchange(ref _overdueSince, Math.Max(1, now), 0);
            return false;
        }

        return now - since >= grace && Volatile.Read(ref Word) == seen;
    }

    internal override void Report(long stamp, bool failed, Pace pace, long now)
    {
        TI.Point(71);
        if (Interlocked.CompareExchange(ref Word, (stamp & ~StateMask) | Spent, stamp) != stamp)
        {
            return;
        }

        _phase.Settle(failed, pace == Pace.Slow || (pace == Pace.Unknown && _phase.Owner.IsSlow(_phase.Rules, _start, now)), now);
    }

    internal override void ReportOutpaced(long stamp, long now)
    {
        // The start belongs to whoever holds the lease.
        TI.Point(77);
        if (Volatile.Read(ref Word) == stamp && _phase.Rules.CountsSlow && _phase.Owner.IsSlow(_phase.Rules, _start, now))
        {
            Report(stamp, failed: false, Pace.Slow, now);
            return;
        }

        Ignore(stamp);
    }

    internal override void Ignore(long stamp)
    {
        TI.Point(72);
        Interlocked.CompareExchange(ref Word, (stamp & NonceMask) | Free, stamp);
    }
}
