namespace Resilience;

/// <content>What its phases need of it: the clock, the counters, and the exchange of one phase for the next.</content>
public sealed partial class CircuitBreaker
{
    private const int RejectedColumn = 0;
    private const int StaleColumn = 1;
    private const int ShadowedColumn = 2;

    // Made before the first transition is seen, for almost nothing is refused or late before it: so that a refusal need not allocate.
    private StripedCounter<Production>? _counters;

    // Made with the first subscription.
    private TransitionLog<Production>? _log;

    internal Phase Current => Volatile.Read(ref _phase);

    internal CircuitRules Rules => Volatile.Read(ref _rules);

    /// <summary>The coarse time for what need not be exact: which slice a success falls into.</summary>
    internal long Tick => _ticks ? CoarseTick.Now : _clock.Coarse;

    /// <summary>Whether its coarse time may be compared with <see cref="CoarseTick"/>.</summary>
    internal bool IsOnTick => _ticks;

    /// <summary>Exact time, on a scale of its own.</summary>
    internal long Fine => _clock.Fine;

    /// <summary>How far a coarse reading may lag, and by how much the end of a break is put off for that.</summary>
    internal long Granule => _clock.Granule;

    /// <summary>The given reading, or a new one.</summary>
    internal long Now(long now) => now >= 0 ? now : _clock.Coarse;

    /// <summary>A start to measure from, on the clock that the threshold asks for even if the other has been read; zero only when calls are not timed.</summary>
    internal long StartOf(CircuitRules rules, long now) =>
        rules.SlowTicks == 0 ? 0 : Math.Max(1, rules.MeasuresFine ? _clock.Fine : Now(now));

    /// <summary>Whether a call that began at <paramref name="start"/> is slow.</summary>
    internal bool IsSlow(CircuitRules rules, long start, long now) =>
        rules.SlowTicks > 0 && start != 0 && (rules.MeasuresFine ? _clock.Fine : Now(now)) - start > rules.SlowTicks;

    internal void CountStale() => Count(StaleColumn);

    /// <summary>
    /// Opens the breaker, unless its state has changed since; whoever does asks the generator. A phase that others took the place of within
    /// its generation is the same state: what was decided in it holds.
    /// </summary>
    internal void Open(Phase from, CircuitReason reason, in Tally tally, long now)
    {
        now = Now(now);
        var rules = Rules;
        var opens = from.OpensBefore(now) + 1;
        var ticks = BreakSchedule.Ticks(rules.Options, opens);
        var origin = new PhaseOrigin(from.Origin.Generation + 1, now, reason, opens, from.Origin.Shadowing);
        var next = _factory.Open(this, rules, CircuitState.Open, origin, EndOf(now, ticks));
        while (!Exchange(from, next))
        {
            var generation = from.Origin.Generation;
            from = Current;
            if (from.Origin.Generation != generation)
            {
                return;
            }
        }

        if (rules.Options.BreakDurationGenerator is { } generator)
        {
            ticks = Generate(generator, new CircuitTrip(opens, reason, tally.Calls, tally.Failures, tally.Slow, new TimeSpan(ticks)));
            next.SetEnd(EndOf(now, ticks));
        }

        Publish(from, next, new TimeSpan(ticks), tally);
    }

    /// <summary>Closes the breaker after its probes, unless its state has changed since.</summary>
    internal void Close(Phase from, long now)
    {
        // The row of openings is over only when the recovery is: a breaker that opens during it has not recovered.
        var opens = Options.Recovery > TimeSpan.Zero ? from.Origin.Opens : 0;
        var origin = new PhaseOrigin(from.Origin.Generation + 1, Now(now), CircuitReason.ProbesPassed, opens, from.Origin.Shadowing);
        TryReplace(from, Make(CircuitState.Closed, origin), TimeSpan.Zero, default);
    }

    /// <summary>Empties the window within its generation, unless somebody else has.</summary>
    internal void StartAfresh(Phase from)
    {
        if (Exchange(from, Make(from.State, from.Origin)))
        {
            from.Retire();
        }
    }

    internal Phase MakeClosed(CircuitRules rules, CircuitState state, in PhaseOrigin origin) => _factory.Closed(this, rules, state, origin);

    internal bool TryReplace(Phase from, Phase next, TimeSpan breakDuration, in Tally tally)
    {
        if (!Exchange(from, next))
        {
            return false;
        }

        Publish(from, next, breakDuration, tally);
        return true;
    }

    private static long Generate(Func<CircuitTrip, TimeSpan> generator, in CircuitTrip trip)
    {
        try
        {
            var given = generator(trip);
            return given >= TimeSpan.Zero ? given.Ticks : trip.BreakDuration.Ticks;
        }
        catch (Exception)
        {
            return trip.BreakDuration.Ticks;
        }
    }

    // Never early: the reading may lag by a granule. Saturates, for a generator may answer anything.
    private long EndOf(long now, long ticks) => now + Math.Min(ticks, TimeSpan.MaxValue.Ticks / 2) + _clock.Granule;

    private void Force(CircuitState state)
    {
        while (true)
        {
            var from = Current;
            if (state != CircuitState.Closed && from.Shown == state)
            {
                return;
            }

            var origin = new PhaseOrigin(from.Origin.Generation + 1, _clock.Coarse, CircuitReason.ByHand, 0, false);
            if (TryReplace(from, Make(state, origin), TimeSpan.Zero, default))
            {
                return;
            }
        }
    }

    private Phase Make(CircuitState state, in PhaseOrigin origin) => state switch
    {
        CircuitState.Isolated => _factory.Open(this, Rules, state, origin, 0),
        CircuitState.Shadow => _factory.Closed(this, Rules, CircuitState.Closed, origin with { Shadowing = true }),
        _ => _factory.Closed(this, Rules, state, origin),
    };

    private bool Exchange(Phase from, Phase next)
    {
        MakeCounters();
        if (!_factory.Exchange(ref _phase, from, next))
        {
            return false;
        }

        Adopt();
        return true;
    }

    // New rules are set before the phase is replaced and looked at after each exchange: whichever comes last, the phase ends up under them.
    private void Adopt()
    {
        for (var phase = Current; phase.Rules != Rules && phase.Under(Rules) is { } next; phase = Current)
        {
            if (_factory.Exchange(ref _phase, phase, next))
            {
                phase.Retire();
            }
        }
    }

    private void Publish(Phase from, Phase next, TimeSpan breakDuration, in Tally tally) =>
        Volatile.Read(ref _log)?.Publish(new CircuitTransition(
            next.Rules.Options.Name, from.Shown, next.Shown, next.Origin.Reason, next.Origin.Generation,
            breakDuration, tally.Calls, tally.Failures, tally.Slow));

    private long Count(int column) => (Volatile.Read(ref _counters) ?? MakeCounters()).Increment(column);

    private StripedCounter<Production> MakeCounters()
    {
        if (Volatile.Read(ref _counters) is null)
        {
            Interlocked.CompareExchange(ref _counters, new StripedCounter<Production>(), null);
        }

        return Volatile.Read(ref _counters)!;
    }

    private long Counted(int column) => Volatile.Read(ref _counters)?.Sum(column) ?? 0;
}
