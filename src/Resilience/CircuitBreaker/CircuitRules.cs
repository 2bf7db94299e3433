namespace Resilience;

/// <summary>Options as the hot path wants them: checked, in ticks, and with what follows from them.</summary>
internal sealed class CircuitRules
{
    private static readonly long s_fineBelow = TimeSpan.FromMilliseconds(100).Ticks;
    private readonly double _zSquared;
    private readonly int _probeFailures;
    private readonly int _probesSlow;

    internal CircuitRules(CircuitBreakerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        CountsSlow = options.SlowCallRatio is not null;
        SlowTicks = options.SlowCallDuration?.Ticks ?? 0;
        MeasuresFine = SlowTicks > 0 && SlowTicks < s_fineBelow;
        ConsecutiveFailures = options.ConsecutiveFailures ?? 0;
        MaxAgeTicks = options.Window.MaxAge?.Ticks ?? 0;
        Least = options.Confidence is null ? options.MinimumCalls : options.ConfidenceFloor;
        var z = options.Confidence is { } confidence ? NormalQuantile.At(confidence) : 0;
        _zSquared = z * z;
        _probeFailures = Enough(options.ProbeFailureRatio ?? options.FailureRatio, options.Probes);
        _probesSlow = CountsSlow ? Enough(options.SlowCallRatio, options.Probes) : int.MaxValue;
    }

    internal CircuitBreakerOptions Options { get; }

    internal bool CountsSlow { get; }

    /// <summary>A call that takes longer is slow; zero when calls are not timed.</summary>
    internal long SlowTicks { get; }

    /// <summary>Whether the slow threshold asks for the fine clock.</summary>
    internal bool MeasuresFine { get; }

    internal int ConsecutiveFailures { get; }

    internal long MaxAgeTicks { get; }

    /// <summary>The fewest calls that a ratio is taken of.</summary>
    internal int Least { get; }

    /// <summary>Why the tally opens the breaker, or <see cref="CircuitReason.Started"/> when it does not.</summary>
    internal CircuitReason Judge(in Tally tally)
    {
        if (tally.Calls < Least)
        {
            return CircuitReason.Started;
        }

        if (tally.Failures > 0 && Options.FailureRatio is { } failures && Reached(tally.Failures, tally.Calls, failures))
        {
            return CircuitReason.FailureRatio;
        }

        return tally.Slow > 0 && Options.SlowCallRatio is { } slow && Reached(tally.Slow, tally.Calls, slow)
            ? CircuitReason.SlowCallRatio
            : CircuitReason.Started;
    }

    /// <summary>What the probes' tally decides, or <see cref="CircuitReason.Started"/> while it may still go either way.</summary>
    internal CircuitReason JudgeProbes(in Tally tally)
    {
        if (tally.Failures >= _probeFailures)
        {
            return CircuitReason.ProbesFailed;
        }

        if (tally.Slow >= _probesSlow)
        {
            return CircuitReason.ProbesSlow;
        }

        // Passed as soon as neither limit can be reached any more.
        var probes = Options.Probes;
        return tally.Calls - tally.Failures > probes - _probeFailures && (!CountsSlow || tally.Calls - tally.Slow > probes - _probesSlow)
            ? CircuitReason.ProbesPassed
            : CircuitReason.Started;
    }

    // The least count whose share of the whole reaches the ratio: by division, which rounds 3 / 30 to the same double as the literal 0.1.
    private static int Enough(double? ratio, int whole)
    {
        var count = 1;
        while (ratio is { } r && (double)count / whole < r)
        {
            count++;
        }

        return count;
    }

    private bool Reached(long count, long calls, double ratio)
    {
        if (_zSquared == 0)
        {
            return (double)count / calls >= ratio;
        }

        // Wilson (1927), lower bound of the score interval.
        double n = calls, p = Math.Min(1, count / n);
        var bound = (p + (_zSquared / (2 * n)) - Math.Sqrt(_zSquared * ((p * (1 - p) / n) + (_zSquared / (4 * n * n))))) / (1 + (_zSquared / n));
        return bound > ratio;
    }
}
