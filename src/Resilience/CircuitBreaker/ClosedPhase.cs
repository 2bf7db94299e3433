using System.Runtime.CompilerServices;

namespace Resilience;

/// <summary>Lets calls through and records how they went, in a window of its own; opens the breaker unless it is disabled.</summary>
internal sealed partial class ClosedPhase<TWindow, TI> : Phase
    where TWindow : struct, IWindow
    where TI : struct, IInterleaving
{
    // While calls come back a share at a time; null otherwise.
    private readonly RecoveryRamp<TI>? _recovery;

    // Whether a success matters to the window alone.
    private readonly bool _windowOnly;

    // The calls under way, where those that are already slow count.
    private InFlight<TI>? _inFlight;

    // Not readonly: the window changes in place.
    private TWindow _window;

    private int _consecutive;

    // When a call last failed, for windows whose outcomes grow too old.
    private long _lastFailure;

    internal ClosedPhase(CircuitBreaker owner, CircuitRules rules, CircuitState state, in PhaseOrigin origin, in TWindow window)
        : base(owner, rules, state, origin)
    {
        _window = window;
        _recovery = origin.Reason == CircuitReason.ProbesPassed && rules.Options.Recovery > TimeSpan.Zero
            ? new RecoveryRamp<TI>(origin.Since, rules.Options.Recovery.Ticks)
            : null;
        _inFlight = rules.Options.CountSlowInFlight ? new InFlight<TI>(rules) : null;
        _windowOnly = !rules.CountsSlow && rules.ConsecutiveFailures == 0;
        WindowWord = _window.FirstWord;
        Admits = _recovery is null && rules.SlowTicks == 0;
    }

    // A time window's successes go by a tick, where the phase's own word would only say yes or no.
    private ref long WindowWord => ref TWindow.IsTimed ? ref FreeUntil : ref Word;

    internal override Tally Read(long now, out long covered)
    {
        var tally = _window.Read(ref WindowWord, now, out covered);
        covered = TWindow.IsTimed ? Math.Min(covered, now - Origin.Since) : 0;
        return tally;
    }

    internal override void Ignore(long stamp) => LeaveInFlight(stamp);

    internal override void ReportOutpaced(long stamp, long now)
    {
        if (Rules.CountsSlow && Owner.IsSlow(Rules, Math.Abs(stamp), now))
        {
            Report(stamp, failed: false, Pace.Slow, now);
            return;
        }

        Ignore(stamp);
    }

    internal override void Succeed(long now)
    {
        if (_windowOnly)
        {
            RecordSuccess(now);
            return;
        }

        Report(0, failed: false, Pace.Unknown, now);
    }

    internal override void Report(long stamp, bool failed, Pace pace, long now)
    {
        stamp = LeaveInFlight(stamp);
        TI.Point(50);
        if (Owner.Current != this)
        {
            Forward(stamp, failed, pace, now);
            return;
        }

        if (!failed && _windowOnly)
        {
            RecordSuccess(now);
            return;
        }

        if (Rules.MaxAgeTicks > 0 && failed && TooOld(ref now))
        {
            Owner.StartAfresh(this);
            Forward(stamp, failed, pace, now);
            return;
        }

        var slow = Rules.CountsSlow && (pace == Pace.Slow || (pace == Pace.Unknown && Owner.IsSlow(Rules, Math.Abs(stamp), now)));
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

    private void RecordSuccess(long now)
    {
        if (TWindow.IsTimed)
        {
            now = now < 0 ? Owner.Tick : now;
            if (now < Math.Abs(Volatile.Read(ref FreeUntil)))
            {
                return;
            }
        }

        if (_window.Record(ref WindowWord, failed: false, slow: false, now, out var tally))
        {
            Judge(tally, now);
        }
    }

    private void Record(bool failed, bool slow, long now)
    {
        if (TWindow.IsTimed && now < 0)
        {
            now = failed || slow ? Owner.Now(now) : Owner.Tick;
        }

        if (_window.Record(ref WindowWord, failed, slow, now, out var tally))
        {
            Judge(tally, now);
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Judge(in Tally tally, long now)
    {
        var reason = Rules.Judge(WithInFlight(tally, now));
        if (reason != CircuitReason.Started)
        {
            Trip(reason, tally, now);
        }
    }

    private Tally WithInFlight(in Tally tally, long now)
    {
        var slow = _inFlight?.CountSlow(Owner.Now(now)) ?? 0;
        return new Tally(tally.Calls + slow, tally.Failures, tally.Slow + slow);
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
}
