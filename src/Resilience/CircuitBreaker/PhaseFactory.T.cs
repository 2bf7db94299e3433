namespace Resilience;

/// <inheritdoc/>
internal class PhaseFactory<TI> : PhaseFactory
    where TI : struct, IInterleaving
{
    private const int WordBits = 63;

    internal override Phase Closed(CircuitBreaker owner, CircuitRules rules, CircuitState state, in PhaseOrigin origin)
    {
        var window = rules.Options.Window;
        if (window.IsTime)
        {
            var time = new TimeWindow<TI>(
                window.Duration, window.Slices, window.SliceCredit, rules.Least, owner.Now(-1), new StripedCounter<TI>(), owner.IsOnTick);
            return new ClosedPhase<TimeWindow<TI>, TI>(owner, rules, state, origin, time);
        }

        return window.Count * (rules.CountsSlow ? 2 : 1) <= WordBits
            ? new ClosedPhase<WordWindow<TI>, TI>(owner, rules, state, origin, new WordWindow<TI>(window.Count, rules.CountsSlow))
            : new ClosedPhase<RingWindow<TI>, TI>(owner, rules, state, origin, new RingWindow<TI>(window.Count));
    }

    internal override Phase Open(CircuitBreaker owner, CircuitRules rules, CircuitState state, in PhaseOrigin origin, long until) =>
        new OpenPhase<TI>(owner, rules, state, origin, until);

    internal override bool Exchange(ref Phase place, Phase from, Phase next)
    {
        TI.Point(80);
        return Interlocked.CompareExchange(ref place, next, from) == from;
    }
}
