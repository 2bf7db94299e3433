namespace Resilience;

/// <summary>Makes the phases of a breaker and exchanges them: the one place that knows how its shared accesses are interleaved.</summary>
internal abstract class PhaseFactory
{
    /// <summary>The product's: it has no state.</summary>
    internal static PhaseFactory Default { get; } = new PhaseFactory<Production>();

    /// <summary>A phase that lets calls through and records them: closed, or disabled.</summary>
    internal abstract Phase Closed(CircuitBreaker owner, CircuitRules rules, CircuitState state, in PhaseOrigin origin);

    /// <summary>A phase that refuses calls: open until a time, or isolated.</summary>
    internal abstract Phase Open(CircuitBreaker owner, CircuitRules rules, CircuitState state, in PhaseOrigin origin, long until);

    /// <summary>Replaces a phase unless somebody else has.</summary>
    internal abstract bool Exchange(ref Phase place, Phase from, Phase next);
}
