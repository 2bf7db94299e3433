using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>Lets calls through and records how they went, in a window of its own; opens the breaker unless it is disabled.</summary>
internal sealed class ClosedPhase<TWindow, TI> : Phase
    where TWindow : struct, IWindow
    where TI : struct, IInterleaving
{
    // A share of calls in a recovery is a fraction of this.
    private const long Whole = 1L << 32;
    private readonly long _recovery;

    // Not readonly: the window changes in place.
    private TWindow _window;

    // Adds the admitted share for each call of a recovery: one goes through whenever the sum passes a whole.
    private long _recovered;
    private int _consecutive;

    // When a call last failed, for windows whose outcomes grow too old.
    private long _lastFailure;

    internal ClosedPhase(CircuitBreaker owner, CircuitRules rules, CircuitState state, in PhaseOrigin origin, in TWindow window)
        : base(owner, rules, state, origin)
    {
        _window = window;
        _recovery = origin.Reason == CircuitReason.ProbesPassed ? rules.Options.Recovery.Ticks : 0;
        Word = _window.FirstWord;
        Admits = _recovery == 0 && rules.SlowTicks == 0;
    }

    internal override Admission TryEnter(long now, long deadline, out Permit permit)
    {
        if (!Admits && _recovery > 0 && !IsRecovered(now))
        {
            permit = default;
            return Admission.Refused;
        }

        permit = new Permit(this, Rules.SlowTicks == 0 ? 0 : now >= 0 ? now : Owner.StartOf(Rules, now));
        return Admission.Admitted;
    }

    internal override int OpensBefore(long now) => now - Origin.Since < _recovery ? Origin.Opens : 0;

    internal override Tally Read(long now, out long covered)
    {
        var tally = _window.Read(ref Word, now, out covered);
        covered = TWindow.IsTimed ? Math.Min(covered, now - Origin.Since) : 0;
        return tally;
    }

    internal override void Report(long stamp, bool failed, Pace pace, long now)
    {
        TI.Point(50);
        if (Owner.Current != this)
        {
            Forward(stamp, failed, pace, now);
            return;
        }

        if (Rules.MaxAgeTicks > 0 && failed && TooOld(ref now))
        {
            Owner.StartAfresh(this);
            Forward(stamp, failed, pace, now);
            return;
        }

        var slow = Rules.CountsSlow && (pace == Pace.Slow || (pace == Pace.Unknown && Owner.IsSlow(Rules, stamp, now)));
        if (!failed && !slow)
        {
            TI.Point(51);
            if (Volatile.Read(ref Word) == 0)
            {
                return;
            }
        }

        Record(failed, slow, now);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Record(bool failed, bool slow, long now)
    {
        if (TWindow.IsTimed && now < 0)
        {
            now = failed || slow ? Owner.Now(now) : Owner.Tick;
        }

        if (_window.Record(ref Word, failed, slow, now, out var tally))
        {
            var reason = Rules.Judge(tally);
            if (reason != CircuitReason.Started)
            {
                Trip(reason, tally, now);
            }
        }

        if (Rules.ConsecutiveFailures > 0)
        {
            CountConsecutive(failed, tally, now);
        }
    }

    // After the window: whoever then finds the window clean knows that no failure came since the last success.
    private void CountConsecutive(bool failed, in Tally tally, long now)
    {
        TI.Point(52);
        if (failed)
        {
            if (Interlocked.Increment(ref _consecutive) >= Rules.ConsecutiveFailures)
            {
                Trip(CircuitReason.ConsecutiveFailures, tally, now);
            }
        }
        else if (Volatile.Read(ref _consecutive) != 0)
        {
            Volatile.Write(ref _consecutive, 0);
        }
    }

    private void Trip(CircuitReason reason, in Tally tally, long now)
    {
        if (State == CircuitState.Closed)
        {
            Owner.Open(this, reason, tally, now);
        }
    }

    // New rules and outgrown outcomes replace the phase within its generation: what was admitted by the old one counts in the new one.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Forward(long stamp, bool failed, Pace pace, long now)
    {
        var current = Owner.Current;
        if (current.Origin.Generation == Origin.Generation)
        {
            current.Report(stamp, failed, pace, now);
            return;
        }

        Owner.CountStale();
    }

    private bool TooOld(ref long now)
    {
        now = Owner.Now(now);
        TI.Point(53);
        var last = Interlocked.Exchange(ref _lastFailure, now);
        return last != 0 && now - last > Rules.MaxAgeTicks;
    }

    private bool IsRecovered(long now)
    {
        var elapsed = Owner.Now(now) - Origin.Since;
        if (elapsed >= _recovery)
        {
            Admits = Rules.SlowTicks == 0;
            return true;
        }

        var share = (Whole / 100) + (long)(Whole * 0.99 * elapsed / _recovery);
        TI.Point(54);
        var sum = Interlocked.Add(ref _recovered, share);
        return sum / Whole != (sum - share) / Whole;
    }
}
