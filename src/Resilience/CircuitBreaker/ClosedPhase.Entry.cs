namespace Resilience;

/// <content>Entering, the calls under way, and going on under other rules.</content>
internal sealed partial class ClosedPhase<TWindow, TI>
{
    internal override Admission TryEnter(long now, long deadline, out Permit permit)
    {
        if (_recovery is { } recovery && Owner.Now(now) is var reading && !recovery.IsOver(reading))
        {
            if (!recovery.TryEnter(reading))
            {
                permit = default;
                return Admission.Refused;
            }
        }
        else if (Rules.SlowTicks == 0)
        {
            // A plain write: it only ever turns true, and who misses it comes here again.
            Admits = true;
        }

        var start = Owner.StartOf(Rules, now);
        if (_inFlight is { } inFlight && !TryTrack(inFlight, start))
        {
            permit = default;
            return Admission.Over;
        }

        permit = new Permit(this, start);
        return Admission.Admitted;
    }

    internal override int OpensBefore(long now) => _recovery?.IsOver(now) == false ? Origin.Opens : 0;

    internal override Phase? Under(CircuitRules rules)
    {
        var next = Owner.MakeClosed(rules, State, Origin);
        if (rules.Options.Window.IsTime != TWindow.IsTimed)
        {
            return next;
        }

        if (next is ClosedPhase<TWindow, TI> twin)
        {
            twin._window.Inherit(_window, Owner.Now(-1));
            twin._inFlight = _inFlight is { } mine && twin._inFlight?.Matches(mine) == true ? mine : twin._inFlight;
        }

        var outcomes = new byte[Rules.Options.Window.Count];
        foreach (var outcome in outcomes.AsSpan(0, _window.Export(ref WindowWord, outcomes)))
        {
            next.Restore((outcome & 1) != 0, rules.CountsSlow && (outcome & 2) != 0);
        }

        return next;
    }

    internal override void Retire()
    {
        // One missing, so that a report which is already on its way judges a window that differs from the real one by no failure.
        Volatile.Write(ref FreeUntil, 0);
        Interlocked.CompareExchange(ref Word, _window.OneMissing, 0);
    }

    internal override void Restore(bool failed, bool slow) => _window.Record(ref WindowWord, failed, slow, 0, out _);

    internal override long LeaveInFlight(long stamp)
    {
        if (_inFlight is { } inFlight && stamp > 0)
        {
            inFlight.Leave(stamp);
            return -stamp;
        }

        return stamp;
    }

    // Whoever is the first to enter in a slice looks whether the calls under way have become too slow.
    private bool TryTrack(InFlight<TI> inFlight, long start)
    {
        if (inFlight.IsDue(start))
        {
            Judge(_window.Read(ref WindowWord, start, out _), start);
            if (Owner.Current != this)
            {
                return false;
            }
        }

        inFlight.Enter(start);
        return true;
    }
}
