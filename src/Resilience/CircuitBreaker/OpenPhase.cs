namespace Resilience;

/// <summary>Refuses calls until a time, or for good when isolated.</summary>
internal sealed class OpenPhase<TI> : Phase
    where TI : struct, IInterleaving
{
    private const long FarTicks = 250 * TimeSpan.TicksPerMillisecond;

    // Written once more by whoever opened the breaker, when a generator gave another break; by then this phase may be over, and nobody minds.
    private long _until;

    // When it opened on the fine scale: near the end of the break the steps of the coarse clock would cost a probe many milliseconds.
    private readonly long _opened;

    internal OpenPhase(CircuitBreaker owner, CircuitRules rules, CircuitState state, in PhaseOrigin origin, long until)
        : base(owner, rules, state, origin)
    {
        _until = until;
        _opened = owner.Fine;
    }

    internal override long LongWait =>
        State != CircuitState.Open ? -1 : Volatile.Read(ref _until) - Owner.Tick is var wait && wait > FarTicks ? wait : 0;

    internal override Admission TryEnter(long now, long deadline, out Permit permit)
    {
        var wait = -1L;
        if (State == CircuitState.Open)
        {
            TI.Point(60);
            var until = Volatile.Read(ref _until);
            now = Near(until, now);
            wait = until - now;
            if (wait <= 0 || (wait <= 2 * Owner.Granule && Owner.Fine - _opened >= until - Owner.Granule - Origin.Since))
            {
                return Probe(now, deadline, out permit);
            }
        }

        permit = new Permit(null, wait);
        return Admission.Refused;
    }

    internal override long Wait(long now) => State == CircuitState.Open ? Math.Max(0, Volatile.Read(ref _until) - now) : -1;

    internal override void SetEnd(long until) => Volatile.Write(ref _until, until);

    // The clock costs half a refusal; far from the end the shared tick does.
    private long Near(long until, long now)
    {
        if (now >= 0)
        {
            return now;
        }

        var tick = Owner.Tick;
        return until - tick > FarTicks ? tick : Owner.Now(-1);
    }

    // The caller that ends the break holds the first lease before anyone sees the new phase.
    private Admission Probe(long now, long deadline, out Permit permit)
    {
        var origin = new PhaseOrigin(Origin.Generation + 1, now, CircuitReason.BreakElapsed, Origin.Opens, Origin.Shadowing);
        var next = new HalfOpenPhase<TI>(Owner, Owner.Rules, origin);
        var entry = next.TryEnter(now, deadline, out permit);
        return Owner.TryReplace(this, next, TimeSpan.Zero, default) ? entry : Admission.Over;
    }
}
