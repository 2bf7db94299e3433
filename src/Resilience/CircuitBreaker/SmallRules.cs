namespace Resilience;

/// <summary>What the small breakers of one table share: the rules, the time, the counters and the parent.</summary>
internal sealed class SmallRules
{
    internal const int OverflowColumn = 0;
    internal const int StaleColumn = 1;
    private const int MostCalls = 47;
    private const int MostCallsWithSlow = 23;
    private readonly Clock _clock;
    private readonly long _origin;
    private CircuitRules _rules;

    internal SmallRules(CircuitBreakerOptions options, Clock clock, CircuitBreaker? parent, bool leans)
    {
        _rules = Checked(options);
        _clock = clock;
        _origin = clock.Coarse;
        Parent = parent ?? new CircuitBreaker(options, clock.Provider);
        Leans = leans;
        Full = FullOf(_rules);
    }

    internal CircuitRules Rules => Volatile.Read(ref _rules);

    internal CircuitBreaker Parent { get; }

    /// <summary>Whether a key listens to its parent, and tells it, until it has calls of its own.</summary>
    internal bool Leans { get; }

    internal StripedCounter<Production> Counters { get; } = new();

    /// <summary>Milliseconds since the table was made.</summary>
    internal long Now => (_clock.Coarse - _origin) / TimeSpan.TicksPerMillisecond;

    /// <summary>A window full of successes: its sentinel.</summary>
    internal long Full { get; }

    /// <summary>When something that lasts so long from now ends, in milliseconds; rounded up, never early.</summary>
    internal long After(long ticks) =>
        (_clock.Coarse - _origin + ticks + _clock.Granule + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;

    /// <summary>Puts other rules in force. What the keys hold is kept as it is, so the window must be of the same form.</summary>
    internal void Reconfigure(CircuitBreakerOptions options)
    {
        var (rules, old) = (Checked(options), Rules);
        OptionCheck.That(
            FullOf(rules) == Full && rules.CountsSlow == old.CountsSlow, nameof(options.Window),
            $"Window of keyed breakers keeps its length and what it counts: {old.Options.Window.Count} calls, slow calls counted: {old.CountsSlow}; not {options.Window.Count}, {rules.CountsSlow}.");
        Volatile.Write(ref _rules, rules);
    }

    private static long FullOf(CircuitRules rules) => 1L << (rules.Options.Window.Count * (rules.CountsSlow ? 2 : 1));

    private static CircuitRules Checked(CircuitBreakerOptions options)
    {
        var rules = new CircuitRules(options);
        Validate(options, rules.CountsSlow ? MostCallsWithSlow : MostCalls);
        return rules;
    }

    private static void Validate(CircuitBreakerOptions options, int most)
    {
        OptionCheck.That(
            !options.Window.IsTime && options.Window.Count <= most, nameof(options.Window),
            $"Window of a keyed breaker is 1 to {most} calls, not {options.Window}.");
        OptionCheck.That(options.Window.MaxAge is null, nameof(options.Window), "MaxAge is not kept by a keyed breaker.");
        OptionCheck.That(options.Probes == 1, nameof(options.Probes), $"Probes of a keyed breaker is 1, not {options.Probes}.");
        OptionCheck.That(
            options.ConsecutiveFailures is null || options.ConsecutiveFailures <= options.Window.Count, nameof(options.ConsecutiveFailures),
            $"ConsecutiveFailures is {options.ConsecutiveFailures}, more than the {options.Window.Count} calls of the window.");
        OptionCheck.That(
            options.SlowCallDuration is null, nameof(options.SlowCallDuration),
            "SlowCallDuration is not measured by a keyed breaker, which keeps no start time: report slow calls as such.");
        OptionCheck.That(options.Recovery == TimeSpan.Zero, nameof(options.Recovery), $"Recovery of a keyed breaker is zero, not {options.Recovery}.");
        OptionCheck.That(options.BreakDurationGenerator is null, nameof(options.BreakDurationGenerator), "BreakDurationGenerator is not asked by a keyed breaker.");
        OptionCheck.That(
            options.InitialState == CircuitState.Closed, nameof(options.InitialState),
            $"InitialState of a keyed breaker is Closed, not {options.InitialState}.");
    }
}
