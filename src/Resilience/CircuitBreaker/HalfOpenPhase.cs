namespace Resilience;

/// <summary>
/// Lets so many probes through and decides from their results. A probe holds a lease; one that is overdue makes room for another, while its
/// late result still counts. An expiry is acted on only a grace after somebody has seen it, and one at a time: when the whole process
/// stood still, every lease looks overdue at once though no probe had time to report.
/// </summary>
internal sealed class HalfOpenPhase<TI> : Phase
    where TI : struct, IInterleaving
{
    private const int FailedShift = 21;
    private const int SlowShift = 42;
    private static readonly long s_longestGrace = TimeSpan.TicksPerSecond;
    private readonly Lease<TI>[] _leases;
    private readonly long _lease;

    // Results in bits 0 to 20, failed ones in 21 to 41, slow ones from 42.
    private long _results;

    internal HalfOpenPhase(CircuitBreaker owner, CircuitRules rules, in PhaseOrigin origin)
        : base(owner, rules, CircuitState.HalfOpen, origin)
    {
        _lease = rules.Options.ProbeLease.Ticks;
        _leases = new Lease<TI>[rules.Options.Probes];
        for (var i = 0; i < _leases.Length; i++)
        {
            _leases[i] = new Lease<TI>(this);
        }
    }

    internal override Admission TryEnter(long now, long deadline, out Permit permit)
    {
        now = Owner.Now(now);
        var age = now - Origin.Since;
        var expiry = age + Math.Max(_lease, deadline is > 0 and < long.MaxValue ? deadline - now : 0);
        Lease<TI>? oldest = null;
        var oldestWord = 0L;
        var index = 0;
        for (var i = 0; i < _leases.Length; i++)
        {
            TI.Point(73);
            var lease = Volatile.Read(ref _leases[i]);
            var word = Volatile.Read(ref lease.Word);
            if (Lease<TI>.IsFree(word) && lease.TryTake(word, expiry, Owner.StartOf(Rules, now), out permit))
            {
                return Admission.Admitted;
            }

            var end = Lease<TI>.IsLive(word) ? Lease<TI>.Expiry(word) : long.MaxValue;
            if (end <= age && (oldest is null || end < Lease<TI>.Expiry(oldestWord)))
            {
                (oldest, oldestWord, index) = (lease, word, i);
            }
        }

        permit = default;
        var replaced = oldest is not null
            && oldest.IsOverdue(oldestWord, now, Math.Min(_lease, s_longestGrace))
            && TryReplace(index, oldest, expiry, now, out permit);
        return replaced ? Admission.Admitted : Admission.Refused;
    }

    internal override Tally Read(long now, out long covered)
    {
        covered = now - Origin.Since;
        return Decode(Volatile.Read(ref _results));
    }

    /// <summary>Counts a probe's result. The one that crosses the line decides, and only that one.</summary>
    internal void Settle(bool failed, bool slow, long now)
    {
        if (Owner.Current != this)
        {
            Owner.CountStale();
            return;
        }

        var one = 1 | (failed ? 1L << FailedShift : 0) | (slow && Rules.CountsSlow ? 1L << SlowShift : 0);
        TI.Point(74);
        var after = Interlocked.Add(ref _results, one);
        var tally = Decode(after);
        var verdict = Rules.JudgeProbes(tally);
        if (verdict == CircuitReason.Started || Rules.JudgeProbes(Decode(after - one)) != CircuitReason.Started)
        {
            return;
        }

        if (verdict == CircuitReason.ProbesPassed)
        {
            Owner.Close(this, now);
            return;
        }

        Owner.Open(this, verdict, tally, now);
    }

    private static Tally Decode(long results) =>
        new(results & ((1L << FailedShift) - 1), (results >> FailedShift) & ((1L << FailedShift) - 1), results >> SlowShift);

    // The old lease leaves the table and stays alive for its own permit. This allocates: an expiry is a transition of its place.
    private bool TryReplace(int index, Lease<TI> old, long expiry, long now, out Permit permit)
    {
        var lease = new Lease<TI>(this);
        lease.TryTake(lease.Word, expiry, Owner.StartOf(Rules, now), out permit);
        TI.Point(77);
        if (Interlocked.CompareExchange(ref _leases[index], lease, old) == old)
        {
            return true;
        }

        permit = default;
        return false;
    }
}
